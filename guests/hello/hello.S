/*
 * hello: the guest that rm-stack launches when it is given no other.
 *
 * Runs at EL1 with the MMU off, at any address that is a multiple of 4 KiB, with the device tree's address in x0. It
 * says who and where it is on a PL011, asks the hypervisor who that is, takes two exceptions of its own making, works
 * in the memory behind itself, and powers off through PSCI.
 *
 * Begins with the header of an arm64 Linux Image, so that boot loaders know to pass a device tree, and is position
 * independent. The MMU being off, all memory is Device: every access is aligned to its size.
 */

        .equ    UART,           0x09000000      // PL011, as on QEMU's virt
        .equ    UART_DR,        0x00
        .equ    UART_FR,        0x18
        .equ    UART_FR_TXFF,   5

        .equ    STACK_SIZE,     4096
        .equ    DEFAULT_BYTES,  65536
        .equ    FDT_MAGIC,      0xd00dfeed
        .equ    PARAMETERS,     0x504d5352      // "RSMP"

        .equ    SYSTEM_OFF,     0x84000008
        .equ    SYSTEM_RESET,   0x84000009
        .equ    VENDOR_HYP_UID, 0x8600ff01
        .equ    IDENTIFY,       0xc6008000
        .equ    IDENTIFY_HVC,   0x6000

        .equ    EC_UNKNOWN,     0x00
        .equ    EC_SVC64,       0x15

        // Kept in registers that neither a hypercall nor a function here changes:
        //  x19 device tree   x20 its size, 0 when there is none   x21 image base   x22 variables
        //  x23 UART          x24..x28 of whoever is at work

        .macro  constant reg, value
        movz    \reg, #((\value) & 0xffff)
        .if     ((\value) >> 16) & 0xffff
        movk    \reg, #(((\value) >> 16) & 0xffff), lsl #16
        .endif
        .endm

        .macro  constant64 reg, value
        movz    \reg, #((\value) & 0xffff)
        movk    \reg, #(((\value) >> 16) & 0xffff), lsl #16
        movk    \reg, #(((\value) >> 32) & 0xffff), lsl #32
        movk    \reg, #(((\value) >> 48) & 0xffff), lsl #48
        .endm

        .macro  say text
        adr     x0, 9001f
        bl      put_string
        .pushsection .rodata
9001:   .asciz  "\text"
        .popsection
        .endm

        .macro  say_hex reg
        mov     x0, \reg
        bl      put_hex
        .endm

        .macro  say_decimal reg
        mov     x0, \reg
        bl      put_decimal
        .endm

        .section .head, "ax"
        .global _start
_start:
        b       start                   // code0: an instruction
        .word   0                       // code1
        .quad   0                       // text_offset
        .quad   image_size              // image_size, with what is only zeros
        .quad   0xa                     // flags: little-endian, 4 KiB pages, anywhere
        .quad   0, 0, 0
        .ascii  "ARM\x64"               // magic
        .word   0                       // no PE header

        // Offset 0x40: whoever loads the image may write here.
        .global parameters
parameters:
        .word   PARAMETERS
        .word   0                       // what to end with: 0 SYSTEM_OFF, 1 SYSTEM_RESET
        .quad   0                       // bytes of memory to use, 0 for the default

        .text
start:
        adr     x21, _start
        mov     x19, x0
        adrp    x22, variables
        add     x22, x22, :lo12:variables
        constant x23, UART
        adrp    x0, stack_top
        add     x0, x0, :lo12:stack_top
        mov     sp, x0
        adr     x0, vectors
        msr     vbar_el1, x0
        isb
        stp     xzr, xzr, [x22]
        stp     xzr, xzr, [x22, #16]

        // The checksum of the image comes first: nothing in the file's part of it is ever written.
        bl      make_crc_table
        mov     x0, x21
        adrp    x1, file_end
        add     x1, x1, :lo12:file_end
        sub     x24, x1, x21
        mov     x1, x24
        bl      crc32
        mov     x25, x0

        say     "rm-stack hello: AArch64 guest at EL"
        mrs     x0, CurrentEL
        ubfx    x0, x0, #2, #2
        bl      put_decimal
        say     "\n"
        say     "cpu: MIDR "
        mrs     x0, midr_el1
        bl      put_hex
        say     ", MPIDR "
        mrs     x0, mpidr_el1
        bl      put_hex
        say     "\n"
        say     "image: "
        say_decimal x24
        say     " bytes at "
        say_hex x21
        say     ", CRC32 "
        say_hex x25
        say     "\n"

        bl      show_device_tree
        bl      show_hypervisor
        bl      take_exceptions
        bl      use_memory
        say     "bye\n"

        ldr     w1, [x21, #0x44]
        constant x0, SYSTEM_OFF
        cmp     w1, #1
        b.ne    power_off
        constant x0, SYSTEM_RESET
        b       end_by
power_off:
        constant x0, SYSTEM_OFF
end_by:
        mov     x1, xzr
        mov     x2, xzr
        mov     x3, xzr
        hvc     #0
1:      wfi
        b       1b

/*
 * Device tree: is there one, and where does it say memory is.
 */
show_device_tree:
        stp     x29, x30, [sp, #-16]!
        mov     x20, xzr
        say     "device tree: "
        cbz     x19, no_device_tree
        tst     x19, #7
        b.ne    no_device_tree
        ldr     w0, [x19]
        rev     w0, w0
        constant x1, FDT_MAGIC
        cmp     w0, w1
        b.ne    no_device_tree
        ldr     w20, [x19, #4]
        rev     w20, w20
        say_decimal x20
        say     " bytes at "
        say_hex x19
        say     "\n"
        bl      find_memory
        cbz     x2, 1f
        mov     x24, x0
        mov     x25, x1
        say     "memory: "
        say_decimal x25
        say     " bytes at "
        say_hex x24
        say     "\n"
        b       2f
1:      say     "memory: not in the device tree\n"
2:      ldp     x29, x30, [sp], #16
        ret
no_device_tree:
        say     "none at "
        say_hex x19
        say     "\n"
        b       2b

/*
 * The first range of the first /memory or /memory@..., of two cells each: x0 address, x1 size, x2 0 when there is none.
 * Reads nothing outside the blob.
 */
find_memory:
        ldr     w9, [x19, #8]           // off_dt_struct
        rev     w9, w9
        ldr     w10, [x19, #12]         // off_dt_strings
        rev     w10, w10
        mov     w11, wzr                // depth of the node that is open
        mov     w12, wzr                // 1 within a memory node
        tst     w9, #3
        b.ne    8f
1:      add     w13, w9, #4
        cmp     w13, w20
        b.hi    8f
        cmp     w13, w9
        b.lo    8f
        ldr     w14, [x19, w9, uxtw]
        rev     w14, w14
        mov     w9, w13
        cmp     w14, #1
        b.eq    2f
        cmp     w14, #2
        b.eq    4f
        cmp     w14, #3
        b.eq    5f
        cmp     w14, #4
        b.eq    1b
        b       8f                      // FDT_END or nonsense

2:      // BEGIN_NODE: compare the name's beginning, then skip it
        add     w11, w11, #1
        mov     w12, wzr
        cmp     w11, #2
        b.ne    3f
        mov     w15, w9
        adr     x16, memory_name
21:     ldrb    w17, [x16], #1
        cmp     w15, w20
        b.hs    8f
        ldrb    w14, [x19, w15, uxtw]
        add     w15, w15, #1
        cbz     w17, 22f
        cmp     w14, w17
        b.ne    3f
        b       21b
22:     cbz     w14, 23f                // "memory" ends, or goes on with its unit address
        cmp     w14, #'@'
        b.ne    3f
23:     mov     w12, #1
3:      cmp     w9, w20
        b.hs    8f
        ldrb    w14, [x19, w9, uxtw]
        add     w9, w9, #1
        cbnz    w14, 3b
        add     w9, w9, #3
        and     w9, w9, #~3
        b       1b

4:      // END_NODE
        cbz     w11, 8f
        sub     w11, w11, #1
        mov     w12, wzr
        b       1b

5:      // PROP: length, name offset, value
        sub     w13, w20, #8
        cmp     w9, w13
        b.hi    8f
        ldr     w14, [x19, w9, uxtw]
        rev     w14, w14                // length
        add     w9, w9, #4
        ldr     w15, [x19, w9, uxtw]
        rev     w15, w15
        add     w9, w9, #4
        sub     w13, w20, w9
        cmp     w14, w13
        b.hi    8f
        cbz     w12, 6f
        cmp     w14, #16
        b.lo    6f
        add     w15, w15, w10
        sub     w13, w20, #4
        cmp     w15, w13
        b.hi    6f
        add     x16, x19, w15, uxtw     // "reg", unaligned
        ldrb    w17, [x16]
        cmp     w17, #'r'
        b.ne    6f
        ldrb    w17, [x16, #1]
        cmp     w17, #'e'
        b.ne    6f
        ldrb    w17, [x16, #2]
        cmp     w17, #'g'
        b.ne    6f
        ldrb    w17, [x16, #3]
        cbnz    w17, 6f
        add     x16, x19, w9, uxtw
        ldp     w0, w1, [x16]
        rev     w0, w0
        rev     w1, w1
        orr     x0, x1, x0, lsl #32
        ldp     w1, w2, [x16, #8]
        rev     w1, w1
        rev     w2, w2
        orr     x1, x2, x1, lsl #32
        mov     x2, #1
        ret
6:      add     w14, w14, #3
        and     w14, w14, #~3
        add     w9, w9, w14
        b       1b
8:      mov     x2, xzr
        ret

/*
 * Who is at EL2: the SMCCC vendor UID, then Gunyah's identify by both of its conventions.
 */
show_hypervisor:
        stp     x29, x30, [sp, #-16]!
        say     "hypervisor: "
        // Without anyone at EL2, HVC is undefined or answers -1; both mean none.
        mov     w0, #1
        str     w0, [x22, #hvc_may_fault]
        constant x0, VENDOR_HYP_UID
        hvc     #0
        str     wzr, [x22, #hvc_may_fault]
        constant x9, 0xcd8fd5c1
        cmp     x0, x9
        constant x9, 0xdb5f53a4
        ccmp    x1, x9, #0, eq
        constant x9, 0x36ce6592
        ccmp    x2, x9, #0, eq
        constant x9, 0x145f3d67
        ccmp    x3, x9, #0, eq
        b.ne    8f

        mov     x1, xzr
        mov     x2, xzr
        mov     x3, xzr
        constant x0, IDENTIFY
        hvc     #0
        mov     x24, x0
        mov     x25, x1
        mov     x26, x2
        mov     x27, x3
        hvc     #IDENTIFY_HVC
        cmp     x0, x24
        ccmp    x1, x25, #0, eq
        ccmp    x2, x26, #0, eq
        ccmp    x3, x27, #0, eq
        cset    w28, eq

        say     "Gunyah, API version "
        and     x0, x24, #0x3fff
        bl      put_decimal
        say     ", variant "
        lsr     x0, x24, #56
        bl      put_hex
        say     ", flags "
        say_hex x25
        say     " "
        say_hex x26
        say     " "
        say_hex x27
        cbz     w28, 7f
        say     ", SMCCC and HVC agree\n"
        b       9f
7:      say     ", SMCCC and HVC differ\n"
        b       9f
8:      say     "none\n"
9:      ldp     x29, x30, [sp], #16
        ret

/*
 * Two exceptions on purpose: SVC and an undefined instruction. The vector counts those it expects.
 */
take_exceptions:
        stp     x29, x30, [sp, #-16]!
        mov     w0, #EC_SVC64
        str     w0, [x22, #expected_class]
        mov     w0, #1
        str     w0, [x22, #expecting]
        svc     #0x5a
        mov     w0, #EC_UNKNOWN
        str     w0, [x22, #expected_class]
        mov     w0, #1
        str     w0, [x22, #expecting]
        udf     #0x5a
        say     "exceptions handled: "
        ldr     w0, [x22, #handled]
        bl      put_decimal
        say     "\n"
        ldp     x29, x30, [sp], #16
        ret

/*
 * Fills the memory behind the image, up to the device tree when that comes next, with the numbers of a xorshift
 * generator; says the CRC32 of it; makes the numbers again and compares.
 */
use_memory:
        stp     x29, x30, [sp, #-16]!
        adrp    x24, image_end
        add     x24, x24, :lo12:image_end
        ldr     w1, [x21, #0x40]
        constant x2, PARAMETERS
        ldr     x25, [x21, #0x48]
        cmp     w1, w2
        csel    x25, x25, xzr, eq
        cbnz    x25, 1f
        constant x25, DEFAULT_BYTES
1:      // Whole 8-byte words, and none of the device tree.
        subs    x0, x19, x24
        b.ls    2f
        cbz     x20, 2f
        cmp     x25, x0
        csel    x25, x25, x0, lo
2:      and     x25, x25, #~7

        say     "ram: "
        say_decimal x25
        say     " bytes at "
        say_hex x24
        constant64 x9, 0x9e3779b97f4a7c15
        mov     x10, x24
        add     x11, x24, x25
        b       4f
3:      str     x9, [x10], #8
        eor     x9, x9, x9, lsl #13
        eor     x9, x9, x9, lsr #7
        eor     x9, x9, x9, lsl #17
4:      cmp     x10, x11
        b.lo    3b

        say     ", CRC32 "
        mov     x0, x24
        mov     x1, x25
        bl      crc32
        bl      put_hex
        cbz     x25, 5f
        say     ", first "
        ldr     x0, [x24]
        bl      put_hex
        say     ", last "
        add     x0, x24, x25
        ldr     x0, [x0, #-8]
        bl      put_hex
5:      say     ", wrong words: "
        constant64 x9, 0x9e3779b97f4a7c15
        mov     x10, x24
        add     x11, x24, x25
        mov     x0, xzr
        b       7f
6:      ldr     x12, [x10], #8
        cmp     x12, x9
        cinc    x0, x0, ne
        eor     x9, x9, x9, lsl #13
        eor     x9, x9, x9, lsr #7
        eor     x9, x9, x9, lsl #17
7:      cmp     x10, x11
        b.lo    6b
        bl      put_decimal
        say     "\n"
        ldp     x29, x30, [sp], #16
        ret

/*
 * CRC-32 as zip and Ethernet have it (reflected, polynomial 0xedb88320), in software: the instruction is optional.
 * x0 address, x1 bytes; the result in x0.
 */
crc32:
        adrp    x2, crc_table
        add     x2, x2, :lo12:crc_table
        mov     w3, #-1
        cbz     x1, 2f
1:      ldrb    w4, [x0], #1
        eor     w4, w4, w3
        and     w4, w4, #0xff
        ldr     w4, [x2, w4, uxtw #2]
        eor     w3, w4, w3, lsr #8
        subs    x1, x1, #1
        b.ne    1b
2:      mvn     w0, w3
        ret

make_crc_table:
        adrp    x2, crc_table
        add     x2, x2, :lo12:crc_table
        constant x5, 0xedb88320
        mov     w0, wzr
1:      mov     w1, w0
        mov     w3, #8
2:      tst     w1, #1
        lsr     w1, w1, #1
        eor     w4, w1, w5
        csel    w1, w4, w1, ne
        subs    w3, w3, #1
        b.ne    2b
        str     w1, [x2, w0, uxtw #2]
        add     w0, w0, #1
        cmp     w0, #256
        b.ne    1b
        ret

/*
 * Output. Each changes x0..x5 only.
 */
put_string:
        mov     x1, x0
1:      ldrb    w0, [x1], #1
        cbz     w0, 3f
        cmp     w0, #'\n'
        b.ne    put_string_character
        // A terminal wants both.
        mov     w0, #'\r'
2:      ldr     w2, [x23, #UART_FR]
        tbnz    w2, #UART_FR_TXFF, 2b
        str     w0, [x23, #UART_DR]
        mov     w0, #'\n'
put_string_character:
        ldr     w2, [x23, #UART_FR]
        tbnz    w2, #UART_FR_TXFF, put_string_character
        str     w0, [x23, #UART_DR]
        b       1b
3:      ret

put_hex:
        sub     sp, sp, #32
        add     x1, sp, #31
        strb    wzr, [x1]
1:      and     w2, w0, #15
        cmp     w2, #10
        add     w3, w2, #'0'
        add     w4, w2, #('a' - 10)
        csel    w3, w3, w4, lo
        strb    w3, [x1, #-1]!
        lsr     x0, x0, #4
        cbnz    x0, 1b
        mov     w3, #'x'
        strb    w3, [x1, #-1]!
        mov     w3, #'0'
        strb    w3, [x1, #-1]!
        b       put_digits

put_decimal:
        sub     sp, sp, #32
        add     x1, sp, #31
        strb    wzr, [x1]
        mov     x5, #10
1:      udiv    x2, x0, x5
        msub    x3, x2, x5, x0
        add     w3, w3, #'0'
        strb    w3, [x1, #-1]!
        mov     x0, x2
        cbnz    x0, 1b
put_digits:
        str     x30, [sp]
        mov     x0, x1
        bl      put_string
        ldr     x30, [sp]
        add     sp, sp, #32
        ret

/*
 * Exceptions. Those that are expected are counted and passed over; any other ends the guest.
 */
synchronous:
        stp     x2, x3, [sp, #-16]!
        mrs     x1, esr_el1
        lsr     x1, x1, #26
        ldr     w2, [x22, #hvc_may_fault]
        cbz     w2, 1f
        cbnz    w1, 3f
        // The HVC was undefined: answer it as a hypervisor that knows no such call.
        mov     x2, #-1
        str     x2, [sp, #16]
        b       2f
1:      ldr     w2, [x22, #expecting]
        cbz     w2, 3f
        ldr     w2, [x22, #expected_class]
        cmp     w1, w2
        b.ne    3f
        str     wzr, [x22, #expecting]
        ldr     w2, [x22, #handled]
        add     w2, w2, #1
        str     w2, [x22, #handled]
        cmp     w1, #EC_SVC64           // returns behind the SVC by itself
        b.eq    4f
2:      mrs     x2, elr_el1
        add     x2, x2, #4
        msr     elr_el1, x2
4:      ldp     x2, x3, [sp], #16
        ldp     x0, x1, [sp], #16
        eret
3:      ldp     x2, x3, [sp], #16

unexpected:
        // Should saying so fault in turn, there is nothing left to say.
        ldr     w1, [x22, #dying]
        cbnz    w1, power_off
        mov     w1, #1
        str     w1, [x22, #dying]
        mov     x24, x0
        mrs     x25, esr_el1
        mrs     x26, elr_el1
        mrs     x27, far_el1
        say     "\nunexpected exception: vector "
        say_hex x24
        say     ", ESR "
        say_hex x25
        say     ", ELR "
        say_hex x26
        say     ", FAR "
        say_hex x27
        say     "\n"
        b       power_off

        .section .vectors, "ax"
        .balign 2048
vectors:
        .set    number, 0
        .rept   16
        .balign 0x80
        stp     x0, x1, [sp, #-16]!
        mov     x0, #(number * 0x80)
        .if     number == 4
        b       synchronous
        .else
        b       unexpected
        .endif
        .set    number, number + 1
        .endr

        .section .rodata
memory_name:
        .asciz  "memory"

        .bss
        .balign 16
        // Offsets into the variables, which x22 points to.
        .equ    hvc_may_fault,  0
        .equ    expecting,      4
        .equ    expected_class, 8
        .equ    handled,        12
        .equ    dying,          16
variables:
        .skip   32
crc_table:
        .skip   1024
        .balign 16
        .skip   STACK_SIZE
stack_top:
