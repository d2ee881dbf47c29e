using RmStack.Machine.DeviceTree;

namespace RmStack.Fuzz.Targets;

/// <summary>A device tree from a guest: refused with a reason, or read so that writing and reading it again changes nothing.</summary>
public sealed class DeviceTreeTarget : IFuzzTarget
{
    public string Name => "device-tree";

    public IReadOnlyList<byte[]> Seeds { get; } = [Small()];

    public void Run(ReadOnlySpan<byte> input)
    {
        var status = DeviceTreeBlob.TryRead(input, out var tree, out _);
        if (status != FdtStatus.Ok) return;
        var again = tree!.ToArray();
        FuzzFindingException.Require(DeviceTreeBlob.TryRead(again, out var second, out _) == FdtStatus.Ok, "what is written can be read");
        FuzzFindingException.Require(second!.ToArray().AsSpan().SequenceEqual(again), "writing is stable");
    }

    private static byte[] Small()
    {
        var tree = new DeviceTreeBlob();
        tree.Root.Set("#address-cells", 2u);
        tree.Root.Add("memory").SetU64("reg", 0x8000_0000);
        tree.Root.GetOrAdd("gunyah-vm-config/vcpus").Set("affinity", "proxy");
        return tree.ToArray();
    }
}
