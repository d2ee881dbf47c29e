/* wfi: waits forever for an interrupt that nothing was set up to send. */
        .global _start
_start: msr     daifset, #15
1:      wfi
        b       1b
