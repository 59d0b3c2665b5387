;; stw 3,8(1)
;; sth 4,12(1)
;; stb 5,15(1)
;; blr
(module
  (type $t0 (func (param i32 i32 i32) (result i32 i32)))
  (type $t1 (func (param f64 i32) (result i32)))
  (type $t2 (func (param f64 f64 i32) (result i32)))
  (type $t3 (func (param f64 f64 f64 i32) (result i32)))
  (import "m" "memory" (memory $m.memory 1))
  (import "m" "table" (table $m.table 1 funcref))
  (func $4096 (type $t0) (param $p0 i32) (param $p1 i32) (param $p2 i32) (result i32 i32)
    (local $l3 i32) (local $l4 i32) (local $l5 i32) (local $l6 i32) (local $l7 i32) (local $l8 i32) (local $l9 i32) (local $l10 i32) (local $l11 i32) (local $l12 i32) (local $l13 i32)
    (local.set $l3
      (i32.load offset=16656 align=1
        (i32.const 0)))
    (local.set $l4
      (i32.load offset=16660 align=1
        (i32.const 0)))
    (local.set $l5
      (i32.load offset=16668 align=1
        (i32.const 0)))
    (if $I0
      (i32.lt_s
        (local.get $p1)
        (i32.const 4))
      (then
        (return
          (i32.const 4098)
          (local.get $p1))))
    (local.set $l6
      (i32.load offset=4 align=1
        (i32.const 0)))
    (local.set $l7
      (i32.load offset=12 align=1
        (i32.const 0)))
    (local.set $l8
      (i32.load offset=16 align=1
        (i32.const 0)))
    (local.set $l9
      (i32.load offset=20 align=1
        (i32.const 0)))
    (local.set $l10
      (i32.load offset=4128 align=1
        (i32.const 0)))
    (local.set $p1
      (i32.sub
        (local.get $p1)
        (i32.const 4)))
    (local.set $l11
      (i32.add
        (local.get $l6)
        (i32.const 8)))
    (if $I1
      (i32.ge_u
        (i32.sub
          (local.get $l11)
          (local.get $l3))
        (local.get $l4))
      (then
        (return
          (i32.const 4097)
          (i32.add
            (local.get $p1)
            (i32.const 4)))))
    (local.set $l11
      (i32.add
        (local.get $l11)
        (local.get $l5)))
    (i32.store16 offset=25165824 align=1
      (i32.shr_u
        (local.get $l11)
        (i32.const 8))
      (i32.const 257))
    (i32.store offset=131072 align=1
      (local.get $l11)
      (i32.or
        (i32.and
          (i32.rotl
            (local.tee $l12
              (local.get $l7))
            (i32.const 8))
          (i32.const 16711935))
        (i32.and
          (i32.rotr
            (local.get $l12)
            (i32.const 8))
          (i32.const -16711936))))
    (i32.store16 offset=131076 align=1
      (local.get $l11)
      (i32.or
        (i32.shl
          (i32.and
            (local.tee $l12
              (local.get $l8))
            (i32.const 255))
          (i32.const 8))
        (i32.and
          (i32.shr_u
            (local.get $l12)
            (i32.const 8))
          (i32.const 255))))
    (i32.store8 offset=131079
      (local.get $l11)
      (local.get $l9))
    (local.set $l13
      (i32.and
        (local.get $l10)
        (i32.const -4)))
    (return
      (local.get $l13)
      (local.get $p1))
    (unreachable))
  (export "4096" (func $4096)))
