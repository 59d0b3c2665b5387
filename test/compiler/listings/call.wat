;; mflr 0
;; stw 0,4(1)
;; bl 2f
;; lwz 0,4(1)
;; mtlr 0
;; blr
;; 2: addi 3,3,1
;; blr
(module
  (type $t0 (func (param i32 i32 i32) (result i32 i32)))
  (type $t1 (func (param f64 i32) (result i32)))
  (type $t2 (func (param f64 f64 i32) (result i32)))
  (type $t3 (func (param f64 f64 f64 i32) (result i32)))
  (import "m" "memory" (memory $m.memory 1))
  (import "m" "table" (table $m.table 1 funcref))
  (func $4096 (type $t0) (param $p0 i32) (param $p1 i32) (param $p2 i32) (result i32 i32)
    (local $l3 i32) (local $l4 i32) (local $l5 i32) (local $l6 i32) (local $l7 i32) (local $l8 i32) (local $l9 i32) (local $l10 i32) (local $l11 i32) (local $l12 i32) (local $l13 i32) (local $l14 i32)
    (block $B0
      (local.set $l3
        (i32.load offset=16640 align=1
          (i32.const 0)))
      (local.set $l4
        (i32.load offset=16644 align=1
          (i32.const 0)))
      (local.set $l5
        (i32.load offset=16652 align=1
          (i32.const 0)))
      (local.set $l6
        (i32.load offset=16656 align=1
          (i32.const 0)))
      (local.set $l7
        (i32.load offset=16660 align=1
          (i32.const 0)))
      (local.set $l8
        (i32.load offset=16668 align=1
          (i32.const 0)))
      (if $I1
        (i32.ne
          (local.get $p0)
          (i32.const 4096))
        (then
          (local.set $p1
            (i32.or
              (local.get $p1)
              (i32.const -2147483648)))
          (local.set $p1
            (i32.and
              (local.get $p1)
              (i32.const 2147483647)))
          (br $B0)))
      (if $I2
        (i32.lt_s
          (local.get $p1)
          (i32.const 3))
        (then
          (return
            (i32.const 4098)
            (local.get $p1))))
      (local.set $l9
        (i32.load offset=4 align=1
          (i32.const 0)))
      (local.set $l10
        (i32.load offset=4128 align=1
          (i32.const 0)))
      (local.set $p1
        (i32.sub
          (local.get $p1)
          (i32.const 3)))
      (local.set $l11
        (local.get $l10))
      (local.set $l12
        (i32.add
          (local.get $l9)
          (i32.const 4)))
      (if $I3
        (i32.ge_u
          (i32.sub
            (local.get $l12)
            (local.get $l6))
          (local.get $l7))
        (then
          (i32.store align=1
            (i32.const 0)
            (local.get $l11))
          (return
            (i32.const 4101)
            (i32.add
              (local.get $p1)
              (i32.const 2)))))
      (local.set $l12
        (i32.add
          (local.get $l12)
          (local.get $l8)))
      (i32.store16 offset=25165824 align=1
        (i32.shr_u
          (local.get $l12)
          (i32.const 8))
        (i32.const 257))
      (i32.store offset=131072 align=1
        (local.get $l12)
        (i32.or
          (i32.and
            (i32.rotl
              (local.tee $l13
                (local.get $l11))
              (i32.const 8))
            (i32.const 16711935))
          (i32.and
            (i32.rotr
              (local.get $l13)
              (i32.const 8))
            (i32.const -16711936))))
      (local.set $l10
        (i32.const 4108))
      (i32.store align=1
        (i32.const 0)
        (local.get $l11))
      (i32.store offset=4128 align=1
        (i32.const 0)
        (local.get $l10))
      (if $I4
        (i32.eqz
          (local.get $p2))
        (then
          (return
            (i32.const 4120)
            (local.get $p1))))
      (call_indirect $m.table (type $t0)
        (i32.const 4120)
        (local.get $p1)
        (i32.sub
          (local.get $p2)
          (i32.const 1))
        (i32.load offset=33554432 align=1
          (i32.const 0)))
      (local.set $p1)
      (if $I5
        (i32.ne
          (local.tee $l14)
          (i32.const 4108))
        (then
          (return
            (local.get $l14)
            (local.get $p1))))
      (br $B0))
    (if $I6
      (i32.lt_s
        (local.get $p1)
        (i32.const 3))
      (then
        (return
          (i32.const 4110)
          (local.get $p1))))
    (local.set $l9
      (i32.load offset=4 align=1
        (i32.const 0)))
    (local.set $p1
      (i32.sub
        (local.get $p1)
        (i32.const 3)))
    (local.set $l12
      (i32.add
        (local.get $l9)
        (i32.const 4)))
    (if $I7
      (i32.ge_u
        (i32.sub
          (local.get $l12)
          (local.get $l3))
        (local.get $l4))
      (then
        (return
          (i32.const 4109)
          (i32.add
            (local.get $p1)
            (i32.const 3)))))
    (local.set $l12
      (i32.add
        (local.get $l12)
        (local.get $l5)))
    (local.set $l11
      (i32.or
        (i32.and
          (i32.rotl
            (local.tee $l13
              (i32.load offset=131072 align=1
                (local.get $l12)))
            (i32.const 8))
          (i32.const 16711935))
        (i32.and
          (i32.rotr
            (local.get $l13)
            (i32.const 8))
          (i32.const -16711936))))
    (local.set $l10
      (local.get $l11))
    (local.set $l14
      (i32.and
        (local.get $l10)
        (i32.const -4)))
    (i32.store align=1
      (i32.const 0)
      (local.get $l11))
    (i32.store offset=4128 align=1
      (i32.const 0)
      (local.get $l10))
    (return
      (local.get $l14)
      (local.get $p1))
    (unreachable))
  (export "4096" (func $4096)))
