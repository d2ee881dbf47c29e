// Runs blocks of code under an AArch64 Linux (QEMU's user mode) and dumps what they leave behind. No libc.
//
//   runner INPUT OUTPUT
//
// INPUT is mapped as it is at RECORDS, readable, writable and executable. It is a row of records of 1 KiB:
//   0x000  x0 to x30, NZCV            in: start values, out: end values
//   0x100  512 bytes                  a window of memory; x28 and sp point at its middle
//   0x300  address of the code
//   0x308  address of the next record, 0 after the last
//   0x3f0  signal number, its pc      0 when none
// and, in other pages, so that QEMU need not translate anew after each store, the code: the first word of a block reloads
// x29 and x30, the last branches to "leave". OUTPUT is the same after every record has run. Linked so that "leave" is at
// the very start of .text.

        .equ RECORDS, 0x8000000
        .equ SYS_openat, 56
        .equ SYS_lseek, 62
        .equ SYS_write, 64
        .equ SYS_exit, 93
        .equ SYS_sigaltstack, 132
        .equ SYS_rt_sigaction, 134
        .equ SYS_mmap, 222
        .equ UC_REGS, 184
        .equ UC_PC, 440

        .text
leave:  stp     x0, x1, [x28, #-512]
        stp     x2, x3, [x28, #-496]
        stp     x4, x5, [x28, #-480]
        stp     x6, x7, [x28, #-464]
        stp     x8, x9, [x28, #-448]
        stp     x10, x11, [x28, #-432]
        stp     x12, x13, [x28, #-416]
        stp     x14, x15, [x28, #-400]
        stp     x16, x17, [x28, #-384]
        stp     x18, x19, [x28, #-368]
        stp     x20, x21, [x28, #-352]
        stp     x22, x23, [x28, #-336]
        stp     x24, x25, [x28, #-320]
        stp     x26, x27, [x28, #-304]
        stp     x28, x29, [x28, #-288]
        mrs     x0, nzcv
        stp     x30, x0, [x28, #-272]
        adr     x0, current
        ldr     x28, [x0]
        ldr     x28, [x28, #0x308]
        b       next

        .global _start
_start: ldr     x20, [sp, #16]          // INPUT
        ldr     x21, [sp, #24]          // OUTPUT
        mov     x0, #-100               // AT_FDCWD
        mov     x1, x20
        mov     x2, #0
        mov     x8, #SYS_openat
        svc     #0
        tbnz    x0, #63, fail
        mov     x22, x0
        mov     x1, #0
        mov     x2, #2                  // SEEK_END
        mov     x8, #SYS_lseek
        svc     #0
        tbnz    x0, #63, fail
        mov     x23, x0
        mov     x0, #RECORDS
        mov     x1, x23
        mov     x2, #7                  // read, write, execute
        mov     x3, #0x12               // MAP_PRIVATE | MAP_FIXED
        mov     x4, x22
        mov     x5, #0
        mov     x8, #SYS_mmap
        svc     #0
        tbnz    x0, #63, fail
        adr     x1, end
        add     x2, x0, x23
        str     x2, [x1]
        adr     x1, output
        str     x21, [x1]
        adr     x0, stack
        mov     x1, #0
        mov     x8, #SYS_sigaltstack
        svc     #0
        mov     x0, #4                  // SIGILL
        bl      catch
        mov     x0, #5                  // SIGTRAP
        bl      catch
        mov     x0, #7                  // SIGBUS
        bl      catch
        mov     x0, #11                 // SIGSEGV
        bl      catch
        mov     x28, #RECORDS

next:   cbz     x28, done
        adr     x1, current
        str     x28, [x1]
        ldr     x30, [x28, #0x300]
        ldr     x0, [x28, #248]
        msr     nzcv, x0
        add     x28, x28, #0x200
        mov     sp, x28
        ldp     x0, x1, [x28, #-512]
        ldp     x2, x3, [x28, #-496]
        ldp     x4, x5, [x28, #-480]
        ldp     x6, x7, [x28, #-464]
        ldp     x8, x9, [x28, #-448]
        ldp     x10, x11, [x28, #-432]
        ldp     x12, x13, [x28, #-416]
        ldp     x14, x15, [x28, #-400]
        ldp     x16, x17, [x28, #-384]
        ldp     x18, x19, [x28, #-368]
        ldp     x20, x21, [x28, #-352]
        ldp     x22, x23, [x28, #-336]
        ldp     x24, x25, [x28, #-320]
        ldp     x26, x27, [x28, #-304]
        br      x30

done:   adr     x1, output
        ldr     x1, [x1]
        mov     x0, #-100
        mov     x2, #0x241              // O_WRONLY | O_CREAT | O_TRUNC
        mov     x3, #0600
        mov     x8, #SYS_openat
        svc     #0
        tbnz    x0, #63, fail
        mov     x20, x0
        mov     x21, #RECORDS
1:      adr     x2, end
        ldr     x2, [x2]
        subs    x2, x2, x21
        b.eq    2f
        mov     x0, x20
        mov     x1, x21
        mov     x8, #SYS_write
        svc     #0
        tbnz    x0, #63, fail
        add     x21, x21, x0
        b       1b
2:      mov     x0, #0
        mov     x8, #SYS_exit
        svc     #0
fail:   mov     x0, #1
        mov     x8, #SYS_exit
        svc     #0

catch:  adr     x1, action
        mov     x2, #0
        mov     x3, #8
        mov     x8, #SYS_rt_sigaction
        svc     #0
        ret

handle: adr     x3, current
        ldr     x3, [x3]
        str     x0, [x3, #0x3f0]
        ldr     x4, [x2, #UC_PC]
        str     x4, [x3, #0x3f8]
        add     x3, x3, #0x200
        str     x3, [x2, #UC_REGS + 28 * 8]
        adr     x4, leave
        str     x4, [x2, #UC_PC]
        ret

        .data
        .balign 16
action: .quad   handle, 0x48000004, 0, 0        // SA_SIGINFO | SA_ONSTACK | SA_NODEFER
stack:  .quad   stackbottom, 0, 0x8000
current:.quad   0
end:    .quad   0
output: .quad   0
        .balign 16
stackbottom:
        .skip   0x8000
