using System.Buffers.Binary;
using RmStack.Hypervisor.Native;
using RmStack.Machine.DeviceTree;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Host;

/// <summary>A range of RAM.</summary>
/// <param name="Base">First address.</param>
/// <param name="Size">Bytes.</param>
public readonly record struct MemoryRange(ulong Base, ulong Size)
{
    /// <summary>First address after it.</summary>
    public ulong End => Base + Size;
}

/// <summary>
/// What the primary VM's kernel takes from the device tree that the Resource Manager left it: its RAM, its interrupt
/// controller and its end of the Resource Manager's link (binding: firmware/gunyah-hypervisor.yaml).
/// </summary>
public sealed class HlosDeviceTree
{
    private const int HeaderSize = 8;
    private const int MaxSize = 1 << 20;
    private const uint SharedInterrupt = 0;
    private const uint FirstSpi = 32;

    private HlosDeviceTree(DeviceTreeBlob tree, ulong address, int size)
    {
        Tree = tree;
        Blob = new MemoryRange(address, (ulong)size);
    }

    /// <summary>The tree.</summary>
    public DeviceTreeBlob Tree { get; }

    /// <summary>Where it lies.</summary>
    public MemoryRange Blob { get; }

    /// <summary>RAM, in the tree's order.</summary>
    public IReadOnlyList<MemoryRange> Memory { get; private set; } = [];

    /// <summary>Address of the interrupt controller's distributor.</summary>
    public ulong Distributor { get; private set; }

    /// <summary>Queue to the Resource Manager.</summary>
    public CapId Transmit { get; private set; }

    /// <summary>Queue from the Resource Manager.</summary>
    public CapId Receive { get; private set; }

    /// <summary>INTID of "no longer full".</summary>
    public uint TransmitIntid { get; private set; }

    /// <summary>INTID of "no longer empty".</summary>
    public uint ReceiveIntid { get; private set; }

    /// <summary>Reads the tree that X0 points to.</summary>
    /// <param name="memory">The VM's memory.</param>
    /// <param name="address">Where the tree is.</param>
    /// <param name="tree">What it says.</param>
    /// <param name="problem">Why it cannot be used.</param>
    public static bool TryRead(VmMemory memory, ulong address, out HlosDeviceTree? tree, out string problem)
    {
        ArgumentNullException.ThrowIfNull(memory);
        tree = null;
        Span<byte> header = stackalloc byte[HeaderSize];
        if (!memory.TryRead(address, header, out var abort))
        {
            problem = $"the device tree cannot be read: {abort}";
            return false;
        }

        var size = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (size is < HeaderSize or > MaxSize)
        {
            problem = $"there is no device tree at 0x{address:x}";
            return false;
        }

        var blob = new byte[size];
        if (!memory.TryRead(address, blob, out abort))
        {
            problem = $"the device tree cannot be read: {abort}";
            return false;
        }

        var status = DeviceTreeBlob.TryRead(blob, out var parsed, out _);
        if (status != FdtStatus.Ok)
        {
            problem = DeviceTreeBlob.Describe(status);
            return false;
        }

        var result = new HlosDeviceTree(parsed!, address, blob.Length);
        problem = result.Interpret();
        tree = result;
        return problem.Length == 0;
    }

    private string Interpret()
    {
        Memory = [.. FindMemory()];
        if (Memory.Count == 0) return "the device tree has no memory node";
        if (Tree.FindCompatible("arm,gic-v3") is not { } gic || !gic.TryGetReg(0, out var distributor, out _)) return "the device tree has no arm,gic-v3 with a reg";
        Distributor = distributor;
        if (Tree.FindCompatible("gunyah-resource-manager") is not { } link) return "the device tree has no gunyah-resource-manager";
        return TakeLink(link) ? "" : $"{link.Path} lacks a queue or an interrupt";
    }

    private bool TakeLink(DeviceTreeNode link)
    {
        if (!link.TryGetReg(0, out var transmit, out _) || !link.TryGetReg(1, out var receive, out _)) return false;
        if (!TryGetInterrupt(link, 0, out var transmitIntid) || !TryGetInterrupt(link, 1, out var receiveIntid)) return false;
        (Transmit, Receive) = (new CapId(transmit), new CapId(receive));
        (TransmitIntid, ReceiveIntid) = (transmitIntid, receiveIntid);
        return true;
    }

    private static bool TryGetInterrupt(DeviceTreeNode node, int index, out uint intid)
    {
        const int CellsPerInterrupt = 3;
        intid = 0;
        if (!node.TryGetCell("interrupts", index * CellsPerInterrupt, out var kind) || kind != SharedInterrupt) return false;
        if (!node.TryGetCell("interrupts", (index * CellsPerInterrupt) + 1, out var number)) return false;
        intid = number + FirstSpi;
        return true;
    }

    private IEnumerable<MemoryRange> FindMemory()
    {
        foreach (var node in Tree.Root.Children)
        {
            if (!node.TryGetString("device_type", out var type) || type != "memory") continue;
            for (var n = 0; n < node.RegCount; n++)
                if (node.TryGetReg(n, out var start, out var size) && size != 0)
                    yield return new MemoryRange(start, size);
        }
    }
}
