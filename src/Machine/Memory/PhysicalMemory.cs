using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace RmStack.Machine.Memory;

/// <summary>
/// The RAM of a machine: one contiguous range of physical addresses. Memory is committed by the operating system page
/// by page when it is first touched, so a large machine costs only what its software uses. HOT.
/// </summary>
/// <remarks>
/// Every way of writing goes through <see cref="Writable(ulong, int)"/> or is followed by <see cref="NoteWritten"/>, so
/// that code decoded from a page is thrown away when the page changes (Arm ARM B2.4 asks a guest for maintenance; the
/// model simply never runs stale code). RAM in a file is also written by others, who tell nobody: code decoded from it is thrown away
/// when a page changes hands (<see cref="ChangedHands"/>) and when a guest does the maintenance that the architecture asks for
/// (<see cref="DropForeignCode"/>).
/// </remarks>
public sealed unsafe class PhysicalMemory : IDisposable
{
    /// <summary>Size in bytes of the pages that ownership and decoded code are tracked by.</summary>
    public const int PageSize = 4096;

    private const int PageShift = 12;
    private readonly MemoryBlock _block;
    private readonly byte* _bytes;
    private readonly byte[] _hasCode;
    private readonly uint[] _generation;

    // Pages of the file that code was decoded from; null for RAM that nobody else can write.
    private readonly HashSet<int>? _foreignCode;

    /// <summary>Creates zeroed RAM at <paramref name="baseAddress"/>.</summary>
    /// <param name="baseAddress">First physical address, a multiple of 4096.</param>
    /// <param name="size">Bytes, a multiple of 4096, at least one page.</param>
    public PhysicalMemory(ulong baseAddress, ulong size)
        : this(baseAddress, size, () => new MemoryBlock(size))
    {
    }

    /// <summary>
    /// Creates RAM whose first bytes are a file's: what either side writes, the other reads. The rest is zeroed memory of this process. Linux
    /// only. The file must not become shorter while it is mapped: a page without a file behind it ends the process.
    /// </summary>
    /// <param name="baseAddress">First physical address, a multiple of 4096.</param>
    /// <param name="size">Bytes in all, a multiple of 4096.</param>
    /// <param name="file">Open for reading and writing; may be closed afterwards.</param>
    /// <param name="fileSize">Bytes of it that are mapped, a multiple of 4096, no more than it has.</param>
    /// <exception cref="IOException">The file cannot be mapped.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public PhysicalMemory(ulong baseAddress, ulong size, SafeFileHandle file, ulong fileSize)
        : this(baseAddress, size, () => MapFile(size, file, fileSize))
    {
        _foreignCode = [];
        ForeignSize = fileSize;
    }

    private PhysicalMemory(ulong baseAddress, ulong size, Func<MemoryBlock> allocate)
    {
        ArgumentOutOfRangeException.ThrowIfZero(size);
        if (((baseAddress | size) & (PageSize - 1)) != 0 || baseAddress + size < baseAddress)
            throw new ArgumentException("Base and size of physical memory are multiples of 4096 and do not wrap.", nameof(size));
        Base = baseAddress;
        Size = size;
        _block = allocate();
        _bytes = _block.Start;
        _hasCode = new byte[size >> PageShift];
        _generation = new uint[size >> PageShift];
    }

    /// <summary>First physical address.</summary>
    public ulong Base { get; }

    /// <summary>Bytes of RAM.</summary>
    public ulong Size { get; }

    /// <summary>Bytes from <see cref="Base"/> on that others write too; 0 unless the RAM is in a file.</summary>
    public ulong ForeignSize { get; }

    /// <summary>True when the whole range is RAM. A length of 0 is inside wherever its address is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(ulong address, ulong length) => address - Base < Size && length <= Size - (address - Base);

    /// <summary>Where <paramref name="address"/> lives in this process. The caller has checked <see cref="Contains"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Pointer(ulong address)
    {
        Debug.Assert(Contains(address, 1), "physical address outside RAM");
        return _bytes + (address - Base);
    }

    /// <summary>The bytes at a physical address, to be read.</summary>
    public ReadOnlySpan<byte> Readable(ulong address, int length)
    {
        Debug.Assert(Contains(address, (ulong)length), "physical range outside RAM");
        return new ReadOnlySpan<byte>(_bytes + (address - Base), length);
    }

    /// <summary>The bytes at a physical address, to be written now; code decoded from these pages is dropped.</summary>
    public Span<byte> Writable(ulong address, int length)
    {
        Debug.Assert(Contains(address, (ulong)length), "physical range outside RAM");
        NoteWritten(address, (ulong)length);
        return new Span<byte>(_bytes + (address - Base), length);
    }

    /// <summary>Index of the page that holds <paramref name="address"/>, for the per-page tables of a code cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int PageIndex(ulong address) => (int)((address - Base) >> PageShift);

    /// <summary>Number of pages.</summary>
    public int PageCount => _generation.Length;

    /// <summary>True when code has been decoded from the page and the page has not been written since.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasCode(int page) => _hasCode[page] != 0;

    /// <summary>Says that code was decoded from the page: the next write to it will move <see cref="Generation"/>.</summary>
    public void MarkCode(int page)
    {
        _hasCode[page] = 1;
        if (_foreignCode is not null && page < (int)(ForeignSize >> PageShift)) _foreignCode.Add(page);
    }

    /// <summary>Changes whenever a page that held decoded code is written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Generation(int page) => _generation[page];

    /// <summary>Says that the range was written through a pointer.</summary>
    public void NoteWritten(ulong address, ulong length)
    {
        if (length == 0) return;
        var last = PageIndex(address + length - 1);
        for (var page = PageIndex(address); page <= last; page++)
            if (_hasCode[page] != 0)
                DropCode(page);
    }

    /// <summary>Throws away what was decoded from a page.</summary>
    public void DropCode(int page)
    {
        _hasCode[page] = 0;
        _generation[page]++;
    }

    /// <summary>
    /// Says that a range went from one owner to another: whoever writes the file may have had it in between, so nothing that was decoded from
    /// it counts any more.
    /// </summary>
    public void ChangedHands(ulong address, ulong length)
    {
        if (_foreignCode is null || address - Base >= ForeignSize) return;
        NoteWritten(address, Math.Min(length, ForeignSize - (address - Base)));
    }

    /// <summary>Throws away all code that was decoded from what others write: an instruction cache was invalidated.</summary>
    public void DropForeignCode()
    {
        if (_foreignCode is null) return;
        foreach (var page in _foreignCode)
            if (_hasCode[page] != 0)
                DropCode(page);
        _foreignCode.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();

    private static MemoryBlock MapFile(ulong size, SafeFileHandle file, ulong fileSize)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (fileSize == 0 || fileSize > size || (fileSize & (PageSize - 1)) != 0)
            throw new ArgumentException("What is mapped of a file is a multiple of 4096 and no more than all of the RAM.", nameof(fileSize));
        return new MemoryBlock(size, file, fileSize);
    }
}
