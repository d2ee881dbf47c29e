/* spin: never gives up the processor of its own accord. */
        .global _start
_start: b       .
