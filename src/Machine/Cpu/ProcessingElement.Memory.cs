using System.Runtime.CompilerServices;
using RmStack.Machine.Cpu.Decoding;
using RmStack.Machine.Cpu.Execution;
using RmStack.Machine.Memory;
using RmStack.Machine.Mmu;

namespace RmStack.Machine.Cpu;

/// <summary>Data accesses: a look-up in the TLB for aligned ones, everything else behind it.</summary>
public sealed unsafe partial class ProcessingElement
{
    private const ulong SctlrA = 1 << 1;
    private const ulong SctlrSa = 1 << 3;
    private const ulong SctlrSa0 = 1 << 4;
    private const ulong TranslationControl = 1 | (1 << 19);

    private TlbEntry* _readTlb;
    private TlbEntry* _writeTlb;
    private MemoryRegime _regime;
    private bool _alignAll;
    private Translations _seen;
    private uint _seenStage2;
    private uint _seenBroadcasts;

    /// <summary>Bits of SP that have to be 0 when it is the base of an access: 15 or 0.</summary>
    internal ulong SpAlignment { get; private set; }

    /// <summary>Reads an aligned or unaligned datum.</summary>
    /// <typeparam name="T">What is read, and how it is extended.</typeparam>
    /// <returns>False when an exception was taken or an exit made instead.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Load<T>(A64Op* op, ulong va, out ulong value)
        where T : struct, IDatum
    {
        var entry = _readTlb + (va >> 12 & Tlb.IndexMask);
        if (entry->Tag == (va & (Tlb.PageMask | (ulong)(T.Size - 1))))
        {
            value = T.Read((byte*)(nint)va + entry->Addend);
            return true;
        }

        if (!LoadSlowly(op, va, T.Size, _regime, mustAlign: false, out value)) return false;
        value = T.Extend(value);
        return true;
    }

    /// <summary>Writes an aligned or unaligned datum.</summary>
    /// <typeparam name="T">What is written.</typeparam>
    /// <returns>False when an exception was taken or an exit made instead.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Store<T>(A64Op* op, ulong va, ulong value)
        where T : struct, IDatum
    {
        var entry = _writeTlb + (va >> 12 & Tlb.IndexMask);
        if (entry->Tag == (va & (Tlb.PageMask | (ulong)(T.Size - 1))) && !Memory.HasCode(entry->Page))
        {
            T.Write((byte*)(nint)va + entry->Addend, value);
            return true;
        }

        return StoreSlowly(op, va, T.Size, _regime, mustAlign: false, value);
    }

    /// <summary>Finds memory to read that is aligned, in one page, and in the TLB.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryDirectRead(ulong va, int alignment, int length, out byte* place)
    {
        var entry = _readTlb + (va >> 12 & Tlb.IndexMask);
        place = (byte*)(nint)va + entry->Addend;
        return entry->Tag == (va & (Tlb.PageMask | (ulong)(alignment - 1))) && (va & 0xfff) <= (ulong)(PhysicalMemory.PageSize - length);
    }

    /// <summary>Finds memory to write that is aligned, in one page without code, and in the TLB.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryDirectWrite(ulong va, int alignment, int length, out byte* place)
    {
        var entry = _writeTlb + (va >> 12 & Tlb.IndexMask);
        place = (byte*)(nint)va + entry->Addend;
        return entry->Tag == (va & (Tlb.PageMask | (ulong)(alignment - 1))) && (va & 0xfff) <= (ulong)(PhysicalMemory.PageSize - length)
            && !Memory.HasCode(entry->Page);
    }

    /// <summary>The same, in Normal memory only.</summary>
    internal bool TryDirectWrite(ulong va, int alignment, int length, bool normalOnly, out byte* place) =>
        TryDirectWrite(va, alignment, length, out place) && !(normalOnly && (_writeTlb + (va >> 12 & Tlb.IndexMask))->Device);

    /// <summary>Reads 1 to 8 bytes, zero-extended, wherever they lie.</summary>
    internal bool LoadSlowly(A64Op* op, ulong va, int size, MemoryRegime regime, bool mustAlign, out ulong value)
    {
        value = 0;
        if (!Locate(op, va, size, size, MemoryAccess.Read, regime, mustAlign, out var place)) return false;
        fixed (ulong* bytes = &value) place.CopyTo((byte*)bytes);
        return true;
    }

    /// <summary>Writes the low 1 to 8 bytes of a value, wherever they go.</summary>
    internal bool StoreSlowly(A64Op* op, ulong va, int size, MemoryRegime regime, bool mustAlign, ulong value)
    {
        if (!Locate(op, va, size, size, MemoryAccess.Write, regime, mustAlign, out var place)) return false;
        Write(place, (byte*)&value);
        return true;
    }

    /// <summary>
    /// Finds where an access of up to 64 bytes goes, all of it, so that nothing has happened when a part of it faults.
    /// </summary>
    /// <param name="op">The instruction.</param>
    /// <param name="va">First byte.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="alignment">Alignment of the elements, a power of two.</param>
    /// <param name="access">Read or write.</param>
    /// <param name="regime">With whose rights.</param>
    /// <param name="mustAlign">True for exclusives, atomics and acquire or release: alignment is asked for everywhere.</param>
    /// <param name="place">Where it goes.</param>
    /// <param name="flags">Bits for the syndrome beside WnR.</param>
    /// <returns>False when an exception was taken or an exit made instead.</returns>
    internal bool Locate(
        A64Op* op, ulong va, int length, int alignment, MemoryAccess access, MemoryRegime regime, bool mustAlign, out MemoryPlace place, uint flags = 0)
    {
        place = default;
        var misaligned = (va & (ulong)(alignment - 1)) != 0;
        if (access == MemoryAccess.Write) flags |= Syndrome.Write;
        if (misaligned && (mustAlign || _alignAll))
        {
            DataAbort(op, va, new MemoryFault { Origin = FaultOrigin.Stage1, Code = FaultCode.Alignment }, flags);
            return false;
        }

        var inFirst = (int)Math.Min((ulong)length, PhysicalMemory.PageSize - (va & 0xfff));
        if (!FindPage(op, va, access, regime, misaligned, flags, out var first)) return false;
        place.First = (byte*)(nint)va + first.Addend;
        place.FirstPage = first.Page;
        place.FirstLength = inFirst;
        place.FirstOffset = (int)(va & 0xfff);
        if (inFirst == length) return true;
        if (!FindPage(op, va + (ulong)inFirst, access, regime, misaligned, flags, out var second)) return false;
        place.Second = (byte*)(nint)(va + (ulong)inFirst) + second.Addend;
        place.SecondPage = second.Page;
        place.SecondLength = length - inFirst;
        return true;
    }

    /// <summary>Writes to a place that <see cref="Locate"/> found.</summary>
    internal void Write(in MemoryPlace place, byte* bytes)
    {
        Unsafe.CopyBlockUnaligned(place.First, bytes, (uint)place.FirstLength);
        if (Memory.HasCode(place.FirstPage)) _code.Written(place.FirstPage, place.FirstOffset, place.FirstLength, &DecodeFirst);
        if (place.SecondLength == 0) return;
        Unsafe.CopyBlockUnaligned(place.Second, bytes + place.FirstLength, (uint)place.SecondLength);
        if (Memory.HasCode(place.SecondPage)) _code.Written(place.SecondPage, 0, place.SecondLength, &DecodeFirst);
    }

    /// <summary>The rights with which LDTR and STTR access memory.</summary>
    internal MemoryRegime UnprivilegedRegime => State.UAO ? _regime : MemoryRegime.User;

    /// <summary>The rights with which other loads and stores access memory.</summary>
    internal MemoryRegime Regime => _regime;

    /// <summary>Forgets all translations of this element.</summary>
    internal void FlushTranslations()
    {
        _tlb.Flush();
        FlushFetches();
    }

    /// <summary>Forgets the translation of one address.</summary>
    internal void FlushTranslation(ulong va)
    {
        _tlb.FlushAddress(va);
        FlushFetches(va);
    }

    /// <summary>Tells the other elements of this stage 2 that a TLBI was broadcast; they look at their next run.</summary>
    internal void BroadcastFlush()
    {
        if (_walk.Stage2 is not { } stage2) return;
        stage2.NoteTlbMaintenance();
        _seenBroadcasts = stage2.TlbMaintenance;
    }

    /// <summary>Picks the tables for the exception level, PSTATE.PAN and SCTLR_EL1.</summary>
    internal void SelectRegime()
    {
        var sctlr = State.SCTLR_EL1;
        var user = State.EL == 0;
        _regime = user ? MemoryRegime.User : State.PAN ? MemoryRegime.KernelPan : MemoryRegime.Kernel;
        _readTlb = _tlb.Read(_regime);
        _writeTlb = _tlb.Write(_regime);
        _fetchBase = user ? 0 : FetchEntries;
        _alignAll = (sctlr & SctlrA) != 0;
        SpAlignment = (sctlr & (user ? SctlrSa0 : SctlrSa)) != 0 ? 15u : 0;
    }

    /// <summary>Drops what is no longer true after a register of the translation was written.</summary>
    internal void TranslationChanged()
    {
        FlushTranslations();
        _seen = Translations.Of(State);
        SelectRegime();
    }

    private void NoticeOutsideChanges()
    {
        var now = Translations.Of(State);
        var stage2 = _walk.Stage2;
        var stage2Generation = stage2?.Generation ?? 0;
        var broadcasts = stage2?.TlbMaintenance ?? 0;

        // Without a stage 2 there is nothing that the elements share, so each begins with an empty TLB.
        if (stage2 is null || now != _seen || stage2Generation != _seenStage2 || broadcasts != _seenBroadcasts)
        {
            FlushTranslations();
            _seen = now;
            _seenStage2 = stage2Generation;
            _seenBroadcasts = broadcasts;
        }

        SelectRegime();
    }

    private bool FindPage(
        A64Op* op, ulong va, MemoryAccess access, MemoryRegime regime, bool misaligned, uint flags, out TlbEntry found)
    {
        var entry = (access == MemoryAccess.Read ? _tlb.Read(regime) : _tlb.Write(regime)) + (va >> 12 & Tlb.IndexMask);
        if (entry->Tag == (va & Tlb.PageMask) && !(entry->Device && misaligned))
        {
            found = *entry;
            return true;
        }

        MemoryFault fault;
        found = default;

        // Alignment of Device memory is judged by stage 1 before stage 2 is asked, so look at it first.
        if (misaligned && _walk.Stage1(va, access, regime, out var stage1, out _) && stage1.Stage1Device)
        {
            fault = new MemoryFault { Origin = FaultOrigin.Stage1, Code = FaultCode.Alignment };
        }
        else if (_walk.Translate(va, access, regime, out var translation, out fault))
        {
            if (!misaligned || !translation.Stage2Device)
            {
                var page = translation.Pa & Tlb.PageMask;
                entry->Tag = va & Tlb.PageMask;
                entry->Addend = (nint)Memory.Pointer(page) - (nint)entry->Tag;
                entry->Page = Memory.PageIndex(page);
                entry->Shift = translation.Shift;
                entry->Device = translation.Stage1Device || translation.Stage2Device;
                _tlb.NoteUsed();
                found = *entry;
                return true;
            }

            fault = new MemoryFault { Origin = FaultOrigin.Stage2, Code = FaultCode.Alignment, Ipa = translation.Ipa };
        }

        DataAbort(op, va, fault, flags);
        return false;
    }

    /// <summary>The registers that translations depend on.</summary>
    private readonly record struct Translations(ulong Control, ulong Tcr, ulong Ttbr0, ulong Ttbr1, ulong Mair)
    {
        public static Translations Of(CpuState state) => new(
            state.SCTLR_EL1 & TranslationControl, state.TCR_EL1, state.TTBR0_EL1, state.TTBR1_EL1, state.MAIR_EL1);
    }
}

/// <summary>Where an access goes: a part of one page of RAM, or of two.</summary>
internal unsafe struct MemoryPlace
{
    public byte* First;
    public byte* Second;
    public int FirstPage;
    public int FirstOffset;
    public int FirstLength;
    public int SecondPage;
    public int SecondLength;

    /// <summary>Reads it.</summary>
    public readonly void CopyTo(byte* bytes)
    {
        Unsafe.CopyBlockUnaligned(bytes, First, (uint)FirstLength);
        if (SecondLength != 0) Unsafe.CopyBlockUnaligned(bytes + FirstLength, Second, (uint)SecondLength);
    }
}
