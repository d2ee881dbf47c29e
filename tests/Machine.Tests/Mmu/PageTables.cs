using RmStack.Machine.Tests.Cpu;

namespace RmStack.Machine.Tests.Mmu;

/// <summary>Builds stage-1 tables of the 4 KiB granule in the RAM of a bench, for both halves of 48 bits.</summary>
internal sealed class PageTables
{
    public const ulong UserExecuteNever = 1UL << 54;
    public const ulong KernelExecuteNever = 1UL << 53;
    public const ulong NotGlobal = 1 << 11;
    public const ulong Accessed = 1 << 10;
    public const ulong ReadOnly = 1 << 7;
    public const ulong User = 1 << 6;
    public const ulong Device = 1 << 2;

    /// <summary>T0SZ = T1SZ = 16, 4 KiB both, 40 bits out, TBI in both halves.</summary>
    public const ulong Tcr = 16 | (16 << 16) | (2ul << 30) | (2ul << 32) | (3ul << 37);

    private readonly Bench _bench;
    private ulong _next;

    public PageTables(Bench bench, ulong start = Bench.Ram + 0x20_0000)
    {
        _bench = bench;
        _next = start;
        Root = NewTable();
        for (var page = Bench.Ram; page < Bench.Ram + 0x4_0000; page += 0x1000) Map(page, page, Accessed);
    }

    public ulong Root { get; }

    /// <summary>Maps a page, or a block at level 1 or 2.</summary>
    public void Map(ulong va, ulong pa, ulong attributes, int level = 3) => _bench.Quad(Slot(va, level), pa | attributes | (level == 3 ? 3u : 1u));

    /// <summary>Address of the descriptor of an address at a level. Missing tables are made.</summary>
    public ulong Slot(ulong va, int level)
    {
        var table = Root;
        for (var at = 0; ; at++)
        {
            var slot = table + (8 * (va >> (39 - (9 * at)) & 0x1ff));
            if (at == level) return slot;
            if (_bench.Quad(slot) == 0) _bench.Quad(slot, NewTable() | 3);
            table = _bench.Quad(slot) & 0x0000_ffff_ffff_f000;
        }
    }

    /// <summary>Switches stage 1 on: RAM is mapped one to one for EL1.</summary>
    public void Enable(ulong tcr = Tcr, ulong sctlr = 0)
    {
        var state = _bench.State;
        state.MAIR_EL1 = 0x00ff; // 0 Normal, 1 Device-nGnRnE
        state.TCR_EL1 = tcr;
        state.TTBR0_EL1 = Root;
        state.TTBR1_EL1 = Root;
        state.SCTLR_EL1 = 0x30d0_0801 | (1 << 23) | sctlr;
    }

    private ulong NewTable()
    {
        var table = _next;
        _next += 0x1000;
        return table;
    }
}
