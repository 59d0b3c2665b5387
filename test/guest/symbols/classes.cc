namespace net {

class Device {
 public:
  explicit Device(int id) : id_(id) {}
  virtual ~Device() {}
  virtual int open(int flags) { return id_ + flags; }
  int id() const { return id_; }
  static int count;

 protected:
  int id_;
};

int Device::count = 3;

class Ethernet : public Device {
 public:
  Ethernet(int id, int speed) : Device(id), speed_(speed) {}
  int open(int flags) override;

 private:
  int speed_;
};

int Ethernet::open(int flags)
{
  int &reference = id_;
  reference += flags;
  return Device::open(flags) + speed_;
}

template <typename T> T largest(T a, T b)
{
  return a > b ? a : b;
}

namespace {
int hidden = 7;
}

enum class Mode : unsigned char { Off, On };
Mode mode = Mode::On;

}  // namespace net

void operator delete(void *) {}
void operator delete(void *, unsigned) {}

extern "C" void __cxa_pure_virtual() {}

extern "C" int main()
{
  net::Ethernet ethernet(1, 100);
  int result = ethernet.open(2) + net::hidden;
  return net::largest(result, net::Device::count);
}
