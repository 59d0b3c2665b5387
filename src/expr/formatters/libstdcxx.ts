// The containers of libstdc++ 12, by the members they have in its headers.

import type { Formatter } from './formatter.ts'

const wrongOrder = 'its end lies before its beginning'
const wrongLinks = 'its nodes do not lead back to it'

export const LIBSTDCXX: readonly Formatter[] = [
  { type: 'std::basic_string', show: 'text', first: '_M_dataplus._M_p', size: '_M_string_length' },
  // Of -D_GLIBCXX_USE_CXX11_ABI=0: its length is before its characters.
  { type: 'std::basic_string', show: 'text', first: '_M_dataplus._M_p', size: '((unsigned *)_M_dataplus._M_p)[-3]' },
  { type: 'std::basic_string_view', show: 'text', first: '_M_str', size: '_M_len' },
  {
    type: 'std::vector<bool, *>',
    show: 'items',
    names: { start: '_M_impl._M_start', finish: '_M_impl._M_finish' },
    valid: { [wrongOrder]: 'start._M_p <= finish._M_p' },
    size: '(finish._M_p - start._M_p) * 32 + (int)finish._M_offset',
    item: '(bool)(start._M_p[i / 32] >> i % 32 & 1)',
  },
  {
    type: 'std::vector',
    show: 'array',
    valid: { [wrongOrder]: '_M_impl._M_start <= _M_impl._M_finish && _M_impl._M_finish <= _M_impl._M_end_of_storage' },
    first: '_M_impl._M_start',
    size: '_M_impl._M_finish - _M_impl._M_start',
  },
  { type: 'std::array', show: 'as', value: '_M_elems' },
  { type: 'std::initializer_list', show: 'array', first: '_M_array', size: '_M_len' },
  {
    // Buffers of 512 bytes, or of one larger element.
    type: 'std::deque',
    show: 'items',
    names: {
      start: '_M_impl._M_start',
      finish: '_M_impl._M_finish',
      each: 'sizeof(T1) < 512 ? 512 / sizeof(T1) : 1',
      before: '(int)(start._M_cur - start._M_first)',
      at: 'before + i',
    },
    valid: { [wrongOrder]: 'start._M_node <= finish._M_node && start._M_first <= start._M_cur' },
    size: '(finish._M_node - start._M_node) * (int)each + (finish._M_cur - finish._M_first) - before',
    item: 'start._M_node[at / (int)each][at % (int)each]',
  },
  {
    type: 'std::list',
    show: 'list',
    names: { head: '_M_impl._M_node' },
    valid: { [wrongLinks]: 'head._M_next->_M_prev == &head && head._M_prev->_M_next == &head' },
    size: 'head._M_size',
    first: 'head._M_next',
    next: 'node->_M_next',
    end: '&head',
    value: '*(T1 *)&((_Node *)node)->_M_storage',
  },
  {
    type: 'std::forward_list',
    show: 'list',
    first: '_M_impl._M_head._M_next',
    next: 'node->_M_next',
    end: '0',
    value: '*(T1 *)&((_Node *)node)->_M_storage',
  },
  ...['map', 'multimap', 'set', 'multiset'].map(
    (name): Formatter => ({ type: `std::${name}`, show: 'as', value: '_M_t', ...(name === 'map' && { isMap: true }) }),
  ),
  {
    type: 'std::_Rb_tree',
    show: 'tree',
    names: { head: '_M_impl._M_header' },
    valid: { [wrongLinks]: 'head._M_parent ? head._M_parent->_M_parent == &head : head._M_left == &head' },
    size: '_M_impl._M_node_count',
    root: 'head._M_parent',
    left: 'node->_M_left',
    right: 'node->_M_right',
    value: '*(T2 *)&((_Link_type)node)->_M_storage',
  },
  ...['unordered_map', 'unordered_multimap', 'unordered_set', 'unordered_multiset'].map(
    (name): Formatter => ({
      type: `std::${name}`,
      show: 'as',
      value: '_M_h',
      ...(name === 'unordered_map' && { isMap: true }),
    }),
  ),
  {
    type: 'std::_Hashtable',
    show: 'list',
    size: '_M_element_count',
    first: '_M_before_begin._M_nxt',
    next: 'node->_M_nxt',
    end: '0',
    value: '*(T2 *)&((__node_type *)node)->_M_storage',
  },
  ...['stack', 'queue', 'priority_queue'].map((name): Formatter => ({ type: `std::${name}`, show: 'as', value: 'c' })),
  {
    type: 'std::optional',
    show: 'optional',
    has: '_M_payload._M_engaged',
    value: '_M_payload._M_payload._M_value',
  },
  { type: 'std::unique_ptr', show: 'pointer', pointer: '_M_t._M_t[0]' },
  ...['shared_ptr', 'weak_ptr'].map(
    (name): Formatter => ({
      type: `std::${name}`,
      show: 'pointer',
      names: { counts: '_M_refcount._M_pi' },
      pointer: '_M_ptr',
      // Those that share it have one weak count together.
      notes: {
        'use count': 'counts ? counts->_M_use_count : 0',
        'weak count': 'counts ? counts->_M_weak_count - (counts->_M_use_count > 0) : 0',
      },
    }),
  ),
  {
    type: 'std::variant',
    show: 'variant',
    // npos, which no type has.
    index: '_M_index == (sizeof(_M_index) < 2 ? 255 : 65535) ? -1 : _M_index',
    storage: '_M_u',
  },
  { type: 'std::bitset', show: 'items', size: 'N1', item: '(bool)(((unsigned long *)&_M_w)[i / 32] >> i % 32 & 1)' },
  // Without any bits it has no words either.
  { type: 'std::bitset', show: 'items', size: 'N1', item: '(bool)0' },
  {
    type: 'std::span',
    show: 'array',
    first: '_M_ptr',
    // Of dynamic extent, which is its argument then, it has its size in a member.
    size: '(unsigned)N1 == 4294967295u ? _M_extent._M_extent_value : N1',
  },
  { type: 'std::pair', show: 'parts', parts: { first: 'first', second: 'second' } },
  { type: 'std::tuple', show: 'bases', member: '_M_head_impl' },
]
