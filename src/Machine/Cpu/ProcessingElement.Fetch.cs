using System.Runtime.CompilerServices;
using RmStack.Machine.Cpu.Decoding;
using RmStack.Machine.Memory;
using RmStack.Machine.Mmu;

namespace RmStack.Machine.Cpu;

/// <summary>From an address to decoded code.</summary>
public sealed unsafe partial class ProcessingElement
{
    private const int FetchEntries = 256;

    private readonly CodeCache _code;
    private readonly FetchEntry[] _fetchStorage = new FetchEntry[2 * FetchEntries];
    private int _fetchBase;
    private bool _fetchUsed = true;
    private ulong _pageVa;
    private A64Op* _pageOps;

    /// <summary>The code at an address: ready, or by way of <see cref="FindCode(ProcessingElement, A64Op*, ulong*)"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal A64Op* Goto(ulong va)
    {
        ref var entry = ref _fetchStorage[_fetchBase + (int)((va >> 12) & (FetchEntries - 1))];
        if (entry.Tag == (va & (Tlb.PageMask | 3)) && entry.Generation == Memory.Generation(entry.Page))
        {
            _pageVa = entry.Tag;
            _pageOps = entry.Ops;
            return entry.Ops + (int)((va >> 2) & (CodePage.Instructions - 1));
        }

        State.PC = va;
        return _find;
    }

    private static A64Op* FindCode(ProcessingElement pe, A64Op* op, ulong* slots) => pe.FindCode();

    private static A64Op* NextPage(ProcessingElement pe, A64Op* op, ulong* slots)
    {
        pe._left++; // This is no instruction.
        return pe.Goto(pe._pageVa + PhysicalMemory.PageSize);
    }

    private static A64Op* DecodeFirst(ProcessingElement pe, A64Op* op, ulong* slots)
    {
        A64Decoder.Decode(CodePage.WordOf(op), op, pe.Model);
        return op->Execute(pe, op, slots);
    }

    private A64Op* FindCode()
    {
        var va = State.PC = BranchAddress(State.PC);
        if (State.IL) return TakeException(Syndrome.Of(Syndrome.EcIllegalState, 0), va);
        if ((va & 3) != 0)
        {
            State.FAR_EL1 = va;
            return TakeException(Syndrome.Of(Syndrome.EcPcAlignment, 0), va);
        }

        var regime = State.EL == 0 ? MemoryRegime.User : MemoryRegime.Kernel;
        if (!_walk.Translate(va, MemoryAccess.Fetch, regime, out var found, out var fault)) return FetchAbort(va, fault);
        if (_code.IsFull)
        {
            _code.Clear();
            FlushFetches();
        }

        var code = _code.Get(Memory.PageIndex(found.Pa), &DecodeFirst, &NextPage);
        ref var entry = ref _fetchStorage[_fetchBase + (int)((va >> 12) & (FetchEntries - 1))];
        entry.Tag = va & Tlb.PageMask;
        entry.Ops = code.Ops;
        entry.Page = code.Page;
        entry.Generation = code.Generation;
        entry.Shift = found.Shift;
        _fetchUsed = true;
        _left++; // Finding the code is no instruction.
        return Goto(va);
    }

    /// <summary>What the program counter becomes when it is set to <paramref name="va"/> (Arm ARM, BranchAddr).</summary>
    private ulong BranchAddress(ulong va) => _walk.TopByteIgnored(va) ? (ulong)((long)(va << 8) >> 8) : va;

    private void FlushFetches()
    {
        if (!_fetchUsed) return;
        _fetchUsed = false;
        for (var i = 0; i < _fetchStorage.Length; i++) _fetchStorage[i].Tag = TlbEntry.Empty;
    }

    private void FlushFetches(ulong va)
    {
        for (var i = 0; i < _fetchStorage.Length; i++)
        {
            ref var entry = ref _fetchStorage[i];
            if (((entry.Tag ^ va) << 8 >> 8 >> entry.Shift) == 0) entry.Tag = TlbEntry.Empty;
        }
    }

    private struct FetchEntry
    {
        public ulong Tag;
        public A64Op* Ops;
        public int Page;
        public uint Generation;
        public byte Shift;
    }
}
