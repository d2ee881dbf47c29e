/*
 * crash: jumps where nothing is, with exception vectors where nothing is either, so every instruction fetch faults into
 * the next one. It never executes another instruction, and never leaves EL1 of its own accord.
 */
        .global _start
_start: movz    x0, #0xd000, lsl #16    // 0x1d0000000: outside any RAM given to it
        movk    x0, #0x1, lsl #32
        msr     vbar_el1, x0
        isb
        movz    x1, #0xe000, lsl #16    // 0x1e0000000: as empty
        movk    x1, #0x1, lsl #32
        br      x1
