// What programs of C++ are made of: threads that share data, exceptions through all of it, files by std::filesystem.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace fs = std::filesystem;

struct Trace {
  std::string name;
  ~Trace() { std::cout << "left " << name << '\n'; }
};

class Refused : public std::runtime_error {
 public:
  Refused(const std::string &what, int code) : std::runtime_error(what), code(code) {}
  int code;
};

static int depth(int n) {
  Trace trace{"depth " + std::to_string(n)};
  if (n == 0) throw Refused("at the bottom", 42);
  return depth(n - 1) + 1;
}

static void exceptions() {
  try {
    depth(3);
  } catch (const std::exception &error) {
    std::cout << "caught " << error.what() << ", " << dynamic_cast<const Refused &>(error).code << '\n';
  }
  try {
    try {
      std::vector<int>(3).at(7);
    } catch (...) {
      std::throw_with_nested(std::logic_error("around it"));
    }
  } catch (const std::logic_error &error) {
    std::cout << error.what();
    try {
      std::rethrow_if_nested(error);
    } catch (const std::out_of_range &inner) {
      std::cout << ": " << inner.what() << '\n';
    }
  }
  std::future<int> failing = std::async(std::launch::async, []() -> int { throw Refused("in a thread", 7); });
  try {
    failing.get();
  } catch (const Refused &error) {
    std::cout << "from a thread: " << error.what() << ' ' << error.code << '\n';
  }
  std::exception_ptr kept;
  std::thread([&] {
    try {
      std::stoi("no number");
    } catch (...) {
      kept = std::current_exception();
    }
  }).join();
  try {
    std::rethrow_exception(kept);
  } catch (const std::invalid_argument &error) {
    std::cout << "carried over: " << error.what() << '\n';
  }
}

static void threads() {
  std::mutex lock;
  std::condition_variable changed;
  std::vector<int> queue;
  bool done = false;
  std::atomic<long> sum{0};
  thread_local static int mine = 0;
  std::vector<std::thread> consumers;
  for (int i = 0; i < 3; i++)
    consumers.emplace_back([&] {
      for (;;) {
        std::unique_lock<std::mutex> hold(lock);
        changed.wait(hold, [&] { return done || !queue.empty(); });
        if (queue.empty()) break;
        int next = queue.back();
        queue.pop_back();
        hold.unlock();
        mine++;
        sum += next;
      }
    });
  for (int i = 1; i <= 500; i++) {
    std::lock_guard<std::mutex> hold(lock);
    queue.push_back(i);
    changed.notify_one();
  }
  {
    std::lock_guard<std::mutex> hold(lock);
    done = true;
  }
  changed.notify_all();
  for (auto &each : consumers) each.join();
  std::cout << "sum " << sum << ", mine " << mine << '\n';
  std::once_flag once;
  std::vector<std::thread> all;
  for (int i = 0; i < 4; i++) all.emplace_back([&] { std::call_once(once, [] { std::cout << "once\n"; }); });
  for (auto &each : all) each.join();
  std::timed_mutex busy;
  busy.lock();
  std::thread([&] { std::cout << "got it: " << busy.try_lock_for(std::chrono::milliseconds(20)) << '\n'; }).join();
}

static void files() {
  fs::create_directories("made/of/parts");
  std::ofstream("made/one.txt") << "one\n" << 1.5 << '\n';
  std::ofstream("made/of/two.txt") << std::string(10000, 'x');
  fs::copy("made", "copied", fs::copy_options::recursive);
  fs::rename("copied/of/two.txt", "copied/renamed");
  fs::create_symlink("renamed", "copied/link");
  fs::create_hard_link("made/one.txt", "made/hard");
  fs::resize_file("copied/renamed", 77);
  fs::permissions("copied/renamed", fs::perms::owner_write, fs::perm_options::remove);
  std::map<std::string, std::string> found;
  for (const auto &entry : fs::recursive_directory_iterator(".")) {
    auto name = entry.path().lexically_normal().string();
    if (name.rfind("made", 0) != 0 && name.rfind("copied", 0) != 0) continue;
    found[name] = entry.is_symlink() ? "-> " + fs::read_symlink(entry).string()
                  : entry.is_directory() ? "/" : std::to_string(entry.file_size()) + " " + std::to_string(entry.hard_link_count());
  }
  for (const auto &[name, what] : found) std::cout << name << ' ' << what << '\n';
  std::string word;
  double number;
  std::ifstream("made/hard") >> word >> number;
  std::cout << word << ' ' << number << ' ' << fs::equivalent("made/hard", "made/one.txt") << ' '
            << fs::canonical("copied/link").filename() << '\n';
  std::error_code error;
  std::cout << fs::remove("made/of", error) << ' ' << error.message() << '\n';
  try {
    fs::file_size("nothing");
  } catch (const fs::filesystem_error &refused) {
    std::cout << refused.code().message() << ' ' << refused.path1() << '\n';
  }
  std::cout << fs::remove_all("made") << ' ' << fs::remove_all("copied") << ' ' << fs::exists("made") << '\n';
}

int main() {
  exceptions();
  threads();
  files();
  try {
    throw 1;
  } catch (int &thrown) {
    return thrown;
  }
}
