;; 1: lbzu 9,1(4)
;; stbu 9,1(3)
;; bdnz 1b
;; blr
(module
  (type $t0 (func (param i32 i32 i32) (result i32 i32)))
  (type $t1 (func (param f64 i32) (result i32)))
  (type $t2 (func (param f64 f64 i32) (result i32)))
  (type $t3 (func (param f64 f64 f64 i32) (result i32)))
  (import "m" "memory" (memory $m.memory 1))
  (import "m" "table" (table $m.table 1 funcref))
  (func $4096 (type $t0) (param $p0 i32) (param $p1 i32) (param $p2 i32) (result i32 i32)
    (local $l3 i32) (local $l4 i32) (local $l5 i32) (local $l6 i32) (local $l7 i32) (local $l8 i32) (local $l9 i32) (local $l10 i32) (local $l11 i32) (local $l12 i32) (local $l13 i32) (local $l14 i32) (local $l15 i32) (local $l16 i32) (local $l17 i32) (local $l18 i32)
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
    (local.set $l9
      (i32.load offset=12 align=1
        (i32.const 0)))
    (local.set $l10
      (i32.load offset=16 align=1
        (i32.const 0)))
    (local.set $l11
      (i32.load offset=36 align=1
        (i32.const 0)))
    (local.set $l12
      (i32.load offset=4132 align=1
        (i32.const 0)))
    (loop $L0
      (if $I1
        (i32.lt_s
          (local.get $p1)
          (i32.const 12))
        (then
          (i32.store offset=12 align=1
            (i32.const 0)
            (local.get $l9))
          (i32.store offset=16 align=1
            (i32.const 0)
            (local.get $l10))
          (i32.store offset=36 align=1
            (i32.const 0)
            (local.get $l11))
          (i32.store offset=4132 align=1
            (i32.const 0)
            (local.get $l12))
          (return
            (i32.const 4098)
            (local.get $p1))))
      (local.set $p1
        (i32.sub
          (local.get $p1)
          (i32.const 12)))
      (local.set $l13
        (i32.add
          (local.get $l10)
          (i32.const 1)))
      (local.set $l14
        (local.get $l13))
      (if $I2
        (i32.ge_u
          (i32.sub
            (local.get $l14)
            (local.get $l3))
          (local.get $l4))
        (then
          (i32.store offset=12 align=1
            (i32.const 0)
            (local.get $l9))
          (i32.store offset=16 align=1
            (i32.const 0)
            (local.get $l10))
          (i32.store offset=36 align=1
            (i32.const 0)
            (local.get $l11))
          (i32.store offset=4132 align=1
            (i32.const 0)
            (local.get $l12))
          (return
            (i32.const 4097)
            (i32.add
              (local.get $p1)
              (i32.const 12)))))
      (local.set $l14
        (i32.add
          (local.get $l14)
          (local.get $l5)))
      (local.set $l15
        (i32.load8_u offset=131072
          (local.get $l14)))
      (local.set $l10
        (local.get $l13))
      (local.set $l11
        (local.get $l15))
      (local.set $l15
        (i32.add
          (local.get $l9)
          (i32.const 1)))
      (local.set $l16
        (local.get $l15))
      (if $I3
        (i32.ge_u
          (i32.sub
            (local.get $l16)
            (local.get $l6))
          (local.get $l7))
        (then
          (i32.store offset=12 align=1
            (i32.const 0)
            (local.get $l9))
          (i32.store offset=16 align=1
            (i32.const 0)
            (local.get $l10))
          (i32.store offset=36 align=1
            (i32.const 0)
            (local.get $l11))
          (i32.store offset=4132 align=1
            (i32.const 0)
            (local.get $l12))
          (return
            (i32.const 4101)
            (i32.add
              (local.get $p1)
              (i32.const 11)))))
      (local.set $l16
        (i32.add
          (local.get $l16)
          (local.get $l8)))
      (i32.store16 offset=25165824 align=1
        (i32.shr_u
          (local.get $l16)
          (i32.const 8))
        (i32.const 257))
      (i32.store8 offset=131072
        (local.get $l16)
        (local.get $l11))
      (local.set $l9
        (local.get $l15))
      (if $I4
        (i32.eqz
          (i32.ne
            (local.tee $l12
              (i32.sub
                (local.get $l12)
                (i32.const 1)))
            (i32.const 0)))
        (then
          (local.set $p1
            (i32.sub
              (local.get $p1)
              (i32.const -9)))
          (i32.store offset=12 align=1
            (i32.const 0)
            (local.get $l9))
          (i32.store offset=16 align=1
            (i32.const 0)
            (local.get $l10))
          (i32.store offset=36 align=1
            (i32.const 0)
            (local.get $l11))
          (i32.store offset=4132 align=1
            (i32.const 0)
            (local.get $l12))
          (return_call_indirect (type $t0)
            (i32.const 4108)
            (local.get $p1)
            (local.get $p2)
            (i32.load offset=33554432 align=1
              (i32.const 0)))))
      (local.set $l17
        (i32.add
          (local.get $l10)
          (i32.const 1)))
      (local.set $l18
        (i32.load8_u offset=131073
          (local.get $l14)))
      (local.set $l10
        (local.get $l17))
      (local.set $l11
        (local.get $l18))
      (local.set $l17
        (i32.add
          (local.get $l9)
          (i32.const 1)))
      (i32.store8 offset=131073
        (local.get $l16)
        (local.get $l11))
      (local.set $l9
        (local.get $l17))
      (if $I5
        (i32.eqz
          (i32.ne
            (local.tee $l12
              (i32.sub
                (local.get $l12)
                (i32.const 1)))
            (i32.const 0)))
        (then
          (local.set $p1
            (i32.sub
              (local.get $p1)
              (i32.const -6)))
          (i32.store offset=12 align=1
            (i32.const 0)
            (local.get $l9))
          (i32.store offset=16 align=1
            (i32.const 0)
            (local.get $l10))
          (i32.store offset=36 align=1
            (i32.const 0)
            (local.get $l11))
          (i32.store offset=4132 align=1
            (i32.const 0)
            (local.get $l12))
          (return_call_indirect (type $t0)
            (i32.const 4108)
            (local.get $p1)
            (local.get $p2)
            (i32.load offset=33554432 align=1
              (i32.const 0)))))
      (local.set $l17
        (i32.add
          (local.get $l10)
          (i32.const 1)))
      (local.set $l18
        (i32.load8_u offset=131074
          (local.get $l14)))
      (local.set $l10
        (local.get $l17))
      (local.set $l11
        (local.get $l18))
      (local.set $l17
        (i32.add
          (local.get $l9)
          (i32.const 1)))
      (i32.store8 offset=131074
        (local.get $l16)
        (local.get $l11))
      (local.set $l9
        (local.get $l17))
      (if $I6
        (i32.eqz
          (i32.ne
            (local.tee $l12
              (i32.sub
                (local.get $l12)
                (i32.const 1)))
            (i32.const 0)))
        (then
          (local.set $p1
            (i32.sub
              (local.get $p1)
              (i32.const -3)))
          (i32.store offset=12 align=1
            (i32.const 0)
            (local.get $l9))
          (i32.store offset=16 align=1
            (i32.const 0)
            (local.get $l10))
          (i32.store offset=36 align=1
            (i32.const 0)
            (local.get $l11))
          (i32.store offset=4132 align=1
            (i32.const 0)
            (local.get $l12))
          (return_call_indirect (type $t0)
            (i32.const 4108)
            (local.get $p1)
            (local.get $p2)
            (i32.load offset=33554432 align=1
              (i32.const 0)))))
      (local.set $l17
        (i32.add
          (local.get $l10)
          (i32.const 1)))
      (local.set $l18
        (i32.load8_u offset=131075
          (local.get $l14)))
      (local.set $l10
        (local.get $l17))
      (local.set $l11
        (local.get $l18))
      (local.set $l17
        (i32.add
          (local.get $l9)
          (i32.const 1)))
      (i32.store8 offset=131075
        (local.get $l16)
        (local.get $l11))
      (local.set $l9
        (local.get $l17))
      (if $I7
        (i32.ne
          (local.tee $l12
            (i32.sub
              (local.get $l12)
              (i32.const 1)))
          (i32.const 0))
        (then
          (br $L0)))
      (i32.store offset=12 align=1
        (i32.const 0)
        (local.get $l9))
      (i32.store offset=16 align=1
        (i32.const 0)
        (local.get $l10))
      (i32.store offset=36 align=1
        (i32.const 0)
        (local.get $l11))
      (i32.store offset=4132 align=1
        (i32.const 0)
        (local.get $l12))
      (return_call_indirect (type $t0)
        (i32.const 4108)
        (local.get $p1)
        (local.get $p2)
        (i32.load offset=33554432 align=1
          (i32.const 0))))
    (unreachable))
  (export "4096" (func $4096)))
