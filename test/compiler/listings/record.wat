;; addic. 3,3,-1
;; beq 1f
;; srawi 4,4,3
;; 1: blr
(module
  (type $t0 (func (param i32 i32 i32) (result i32 i32)))
  (type $t1 (func (param f64 i32) (result i32)))
  (type $t2 (func (param f64 f64 i32) (result i32)))
  (type $t3 (func (param f64 f64 f64 i32) (result i32)))
  (import "m" "memory" (memory $m.memory 1))
  (import "m" "table" (table $m.table 1 funcref))
  (func $4096 (type $t0) (param $p0 i32) (param $p1 i32) (param $p2 i32) (result i32 i32)
    (local $l3 i32) (local $l4 i32) (local $l5 i32) (local $l6 i32) (local $l7 i32) (local $l8 i32) (local $l9 i32) (local $l10 i64) (local $l11 i32)
    (if $I0
      (i32.lt_s
        (local.get $p1)
        (i32.const 4))
      (then
        (return
          (i32.const 4098)
          (local.get $p1))))
    (local.set $l3
      (i32.load offset=12 align=1
        (i32.const 0)))
    (local.set $l4
      (i32.load offset=16 align=1
        (i32.const 0)))
    (local.set $l5
      (i32.load offset=4128 align=1
        (i32.const 0)))
    (block $B1
      (local.set $p1
        (i32.sub
          (local.get $p1)
          (i32.const 2)))
      (local.set $l6
        (local.get $l3))
      (local.set $l7
        (i32.add
          (local.get $l6)
          (i32.const -1)))
      (local.set $l3
        (local.get $l7))
      (local.set $l8
        (i32.lt_u
          (local.get $l7)
          (local.get $l6)))
      (local.set $l9
        (local.get $l3))
      (if $I2
        (i32.eq
          (local.get $l9)
          (i32.const 0))
        (then
          (local.set $l10
            (i64.extend_i32_s
              (local.get $l9)))
          (br $B1)))
      (local.set $p1
        (i32.sub
          (local.get $p1)
          (i32.const 1)))
      (local.set $l6
        (local.get $l4))
      (local.set $l4
        (i32.shr_s
          (local.get $l6)
          (i32.const 3)))
      (local.set $l8
        (i32.and
          (i32.lt_s
            (local.get $l6)
            (i32.const 0))
          (i32.ne
            (i32.and
              (local.get $l6)
              (i32.const 7))
            (i32.const 0))))
      (local.set $l10
        (i64.extend_i32_s
          (local.get $l9)))
      (br $B1))
    (local.set $p1
      (i32.sub
        (local.get $p1)
        (i32.const 1)))
    (local.set $l11
      (i32.and
        (local.get $l5)
        (i32.const -4)))
    (i32.store offset=12 align=1
      (i32.const 0)
      (local.get $l3))
    (i32.store offset=16 align=1
      (i32.const 0)
      (local.get $l4))
    (i32.store offset=432 align=1
      (i32.const 0)
      (local.get $l8))
    (i64.store offset=16384 align=1
      (i32.const 0)
      (local.get $l10))
    (return
      (local.get $l11)
      (local.get $p1))
    (unreachable))
  (export "4096" (func $4096)))
