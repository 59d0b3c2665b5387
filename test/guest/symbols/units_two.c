// Two files, each with its own `struct node`, `number` and `state`: this one has the tree.
struct node {
  long long key;
  struct node *left, *right;
};
typedef double number;
enum state { BUSY = 3, DONE };

int sum_list(void);

static struct node leaf = { 5, 0, 0 }, root = { 6, &leaf, 0 };
number half = 0.5;
volatile enum state state_two;

int sum_tree(const struct node *node)
{
  state_two = DONE;
  return node ? (int)node->key + sum_tree(node->left) + sum_tree(node->right) : 0;
}

int main(void)
{
  return sum_list() + sum_tree(&root);
}
