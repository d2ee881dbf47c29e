using System.Runtime.InteropServices;

namespace RmStack.Machine.Mmu;

/// <summary>A page of RAM that one kind of access at one privilege may use directly. HOT.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TlbEntry
{
    /// <summary>Tag of an entry that holds nothing: the low bits of a page's address are never set.</summary>
    public const ulong Empty = ulong.MaxValue;

    /// <summary>Virtual address of the page, all 64 bits.</summary>
    public ulong Tag;

    /// <summary>What to add to a virtual address to get its place in this process.</summary>
    public nint Addend;

    /// <summary>Index of the physical page.</summary>
    public int Page;

    /// <summary>Log2 of the stage-1 page or block that the entry is a part of.</summary>
    public byte Shift;

    /// <summary>True for Device memory, where every access has to be aligned.</summary>
    public bool Device;
}

/// <summary>
/// The TLB of a processing element: a direct-mapped table for each kind of access at each privilege. It never holds what
/// would fault, and it may forget at any time, which the architecture allows; so a change of ASID simply empties it.
/// </summary>
internal sealed unsafe class Tlb
{
    /// <summary>Entries in a table.</summary>
    public const int Entries = 256;

    /// <summary>Mask of an index.</summary>
    public const ulong IndexMask = Entries - 1;

    /// <summary>Mask of the part of an address that a tag holds.</summary>
    public const ulong PageMask = ~0xfffUL;

    private const int Tables = 6;
    private readonly TlbEntry[] _entries = GC.AllocateArray<TlbEntry>(Entries * Tables, pinned: true);
    private readonly TlbEntry* _start;
    private bool _used = true;

    public Tlb()
    {
        fixed (TlbEntry* start = _entries) _start = start;
        Flush();
    }

    /// <summary>Reads with the rights of <paramref name="regime"/>.</summary>
    public TlbEntry* Read(MemoryRegime regime) => _start + ((int)regime * Entries);

    /// <summary>Writes with the rights of <paramref name="regime"/>.</summary>
    public TlbEntry* Write(MemoryRegime regime) => _start + (((int)regime + 3) * Entries);

    /// <summary>Says that an entry was filled.</summary>
    public void NoteUsed() => _used = true;

    /// <summary>Forgets everything.</summary>
    public void Flush()
    {
        if (!_used) return;
        _used = false;
        for (var i = 0; i < _entries.Length; i++) _entries[i].Tag = TlbEntry.Empty;
    }

    /// <summary>Forgets what was translated by the page or block that holds an address.</summary>
    /// <param name="va">Address; bits 63:56 do not matter.</param>
    public void FlushAddress(ulong va)
    {
        for (var i = 0; i < _entries.Length; i++)
        {
            ref var entry = ref _entries[i];
            if (((entry.Tag ^ va) << 8 >> 8 >> entry.Shift) == 0) entry.Tag = TlbEntry.Empty;
        }
    }
}

/// <summary>With whose rights memory is accessed.</summary>
internal enum MemoryRegime
{
    /// <summary>As EL0: by EL0, and by LDTR and STTR at EL1.</summary>
    User,

    /// <summary>As EL1.</summary>
    Kernel,

    /// <summary>As EL1 with PSTATE.PAN set.</summary>
    KernelPan,
}
