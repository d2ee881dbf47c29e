using RmStack.Hypervisor.Native;

namespace RmStack.Host;

/// <summary>How a primary VM is set up.</summary>
public sealed record HlosOptions
{
    /// <summary>Low RAM that stays with the kernel itself, bytes.</summary>
    public ulong KernelReserve { get; init; } = 16 << 20;

    /// <summary>Bytes of one buffer for messages.</summary>
    public int SlabSize { get; init; } = 16 << 10;

    /// <summary>Buffers for messages.</summary>
    public int SlabCount { get; init; } = 4;

    /// <summary>Takes the lines of the kernel log; null for nobody.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Interrupt of the terminal that the VM is operated from; null for none. On the QEMU platform: SPI 1, the UART.</summary>
    public uint? TerminalIntid { get; init; } = 33;

    /// <summary>What happens on that interrupt.</summary>
    public Action? OnTerminalInterrupt { get; init; }
}

/// <summary>
/// The primary VM (HLOS): comes up as Linux does with the v12 drivers built in, then runs its user space. What is not
/// there, it says: see <see cref="Problem"/>.
/// </summary>
/// <param name="options">How it is set up.</param>
/// <param name="userSpace">What it does once it is up.</param>
public sealed class HlosProgram(HlosOptions options, Func<HlosContext, Task> userSpace) : INativeProgram
{
    private const ulong SlabAlignment = 4096;

    /// <summary>Why the drivers did not bind; empty when they did.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>True once user space has ended, or never began.</summary>
    public bool Finished { get; private set; }

    /// <summary>What user space threw: a mistake of ours.</summary>
    public Exception? Mistake { get; private set; }

    /// <inheritdoc/>
    public async Task RunAsync(NativeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            if (TryComeUp(context, out var hlos)) await userSpace(hlos!);
        }
#pragma warning disable CA1031 // Whatever it is, it must reach whoever runs the machine instead of leaving it waiting.
        catch (Exception mistake)
#pragma warning restore CA1031
        {
            Mistake = mistake;
        }

        Finished = true;
    }

    // The order of the v12 probe: identify, the link's resources from the device tree, the queues, then /dev/gunyah.
    private bool TryComeUp(NativeContext context, out HlosContext? hlos)
    {
        hlos = null;
        if (!HlosDeviceTree.TryRead(context.Memory, context.BootArgument, out var tree, out var problem)
            || !HypervisorIdentity.TryDetect(context, out var identity, out problem))
        {
            Problem = problem;
            return false;
        }

        context.Interrupts.Initialise(tree!.Distributor);
        if (options is { TerminalIntid: { } intid, OnTerminalInterrupt: { } handler }) context.Interrupts.Enable(intid, handler);
        var low = tree.Memory.MinBy(static range => range.Base);
        var slabs = new MemoryRange(low.Base + options.KernelReserve - SlabsSize, SlabsSize);
        var pages = new PageAllocator(tree.Memory, [new MemoryRange(low.Base, options.KernelReserve), tree.Blob]);
        var port = new HypercallMsgQueuePort(
            context,
            context.Smccc,
            tree.Transmit,
            tree.Receive,
            tree.TransmitIntid,
            tree.ReceiveIntid,
            context.Memory.CreatePool(slabs.Base, options.SlabSize, options.SlabCount));
        hlos = new HlosContext(context, tree, identity, new HlosKernel(context, options.Log), pages, port);
        return true;
    }

    private ulong SlabsSize => (((ulong)options.SlabSize * (ulong)options.SlabCount) + SlabAlignment - 1) & ~(SlabAlignment - 1);
}
