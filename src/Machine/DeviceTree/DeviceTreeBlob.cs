using System.Diagnostics;

namespace RmStack.Machine.DeviceTree;

/// <summary>
/// A device tree together with what its flattened form carries besides it (Devicetree Specification v0.4, chapter 5):
/// what a boot loader hands a kernel in x0, and a VMM hands Gunyah's Resource Manager.
/// </summary>
public sealed class DeviceTreeBlob
{
    /// <summary>Bytes of the largest blob that is read. Linux on arm64 maps no more than 2 MiB; room for an overlay may be more.</summary>
    public const int MaxSize = 64 << 20;

    private readonly List<MemoryReservation> _reservations = [];

    /// <summary>A tree with an empty root.</summary>
    public DeviceTreeBlob()
        : this(new DeviceTreeNode("", parent: null))
    {
    }

    internal DeviceTreeBlob(DeviceTreeNode root)
    {
        Root = root;
    }

    /// <summary>The root node.</summary>
    public DeviceTreeNode Root { get; }

    /// <summary>Physical memory that software must leave alone, in order.</summary>
    public IReadOnlyList<MemoryReservation> Reservations => _reservations;

    /// <summary>The booting CPU's <c>reg</c> (boot_cpuid_phys).</summary>
    public uint BootCpu { get; set; }

    /// <summary>Bytes that <see cref="TryWrite"/> needs, exactly.</summary>
    public int EncodedSize => new FdtWriter(this).Size;

    /// <summary>
    /// Reads a flattened tree of version 16 or later that says it is compatible with version 17. The bytes may come from
    /// anyone: whatever they are, this returns, and allocates no more than a small multiple of their number.
    /// </summary>
    /// <param name="blob">The blob, with or without bytes after its total size.</param>
    /// <param name="tree">The tree, when the status is <see cref="FdtStatus.Ok"/>.</param>
    /// <param name="errorOffset">The byte at fault when the status is another, -1 when there is none.</param>
    public static FdtStatus TryRead(ReadOnlySpan<byte> blob, out DeviceTreeBlob? tree, out int errorOffset) =>
        FdtReader.TryRead(blob, out tree, out errorOffset);

    /// <summary>Adds a memory reservation of at least one byte.</summary>
    public void AddReservation(ulong address, ulong size)
    {
        ArgumentOutOfRangeException.ThrowIfZero(size);
        _reservations.Add(new MemoryReservation(address, size));
    }

    /// <summary>Drops all memory reservations.</summary>
    public void ClearReservations() => _reservations.Clear();

    /// <summary>The node at an absolute path; see <see cref="DeviceTreeNode.Find"/>.</summary>
    public DeviceTreeNode? Find(string path) => Root.Find(path);

    /// <summary>The first node whose <c>phandle</c> (or <c>linux,phandle</c>) is this one, or null.</summary>
    public DeviceTreeNode? FindPhandle(uint phandle) =>
        Root.SelfAndDescendants().FirstOrDefault(node =>
            (node.TryGetU32("phandle", out var found) || node.TryGetU32("linux,phandle", out found)) && found == phandle);

    /// <summary>The first node, parents before children, that has this <c>compatible</c> string, or null.</summary>
    public DeviceTreeNode? FindCompatible(string compatible) =>
        Root.SelfAndDescendants().FirstOrDefault(node => node.IsCompatible(compatible));

    /// <summary>
    /// Writes the tree as version 17, compatible with version 16: header, reservations, structure, strings, the layout
    /// that dtc makes.
    /// </summary>
    /// <param name="destination">Where to write, aligned to 8 bytes when a kernel reads it there.</param>
    /// <param name="written">Bytes written, 0 when they do not fit.</param>
    /// <param name="totalSize">
    /// The total size to declare, zeros filling what the tree does not use: room for whoever edits the blob in place.
    /// 0 declares what is needed; a smaller number than that fails.
    /// </param>
    public bool TryWrite(Span<byte> destination, out int written, int totalSize = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(totalSize);
        written = 0;
        var writer = new FdtWriter(this);
        var size = totalSize == 0 ? writer.Size : totalSize;
        if (size < writer.Size || size > destination.Length) return false;
        writer.Write(destination[..size]);
        written = size;
        return true;
    }

    /// <summary>The flattened tree in an array of its own.</summary>
    public byte[] ToArray()
    {
        var writer = new FdtWriter(this);
        var blob = new byte[writer.Size];
        writer.Write(blob);
        return blob;
    }

    /// <summary>The tree as device tree source, which dtc compiles back to the same tree.</summary>
    public string ToSource() => DeviceTreeSource.Write(this);

    /// <summary>Why a blob was refused, for people.</summary>
    public static string Describe(FdtStatus status) => status switch
    {
        FdtStatus.Ok => "a device tree",
        FdtStatus.BadMagic => "not a device tree blob: it does not begin with d00dfeed",
        FdtStatus.Truncated => "the device tree blob is cut off",
        FdtStatus.BadVersion => "the device tree blob's version is not one that can be read (16 or 17)",
        FdtStatus.BadOffset => "a block of the device tree blob lies outside it or is misaligned",
        FdtStatus.BadToken => "the device tree's structure holds an unknown token",
        FdtStatus.BadName => "a device tree node has no valid name",
        FdtStatus.BadPropertyName => "a device tree property has no valid name",
        FdtStatus.MisplacedProperty => "a device tree property stands outside a node or after a child node",
        FdtStatus.TooDeep => "the device tree is nested too deep",
        FdtStatus.TooLarge => "the device tree blob is too large",
        FdtStatus.Unbalanced => "the device tree's nodes do not begin and end in pairs below one root",
        _ => throw new UnreachableException(),
    };
}
