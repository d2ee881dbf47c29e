using System.Buffers.Binary;
using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <summary>
/// A VM that the client launched and the agent runs: its vCPUs as a VMM has them, from its start until it was reset. What the host's
/// driver would know from its own calls the agent knows from what passes by.
/// </summary>
internal sealed class AttendedVm : IGunyahVm
{
    private readonly Action<Exception> _failed;
    private readonly List<VCpuThread> _threads = [];
    private readonly IDisposable _notifier;

    /// <summary>A VM that has just been started.</summary>
    /// <param name="vmid">The VM.</param>
    /// <param name="kernel">The kernel below.</param>
    /// <param name="notifier">Where notifications come from.</param>
    /// <param name="failed">Told of a mistake of ours in one of its threads.</param>
    public AttendedVm(ushort vmid, IHostKernel kernel, NotifierChain notifier, Action<Exception> failed)
    {
        _failed = failed;
        Vmid = vmid;
        Kernel = kernel;
        Notifier = notifier;
        _notifier = notifier.Register(OnNotification);
    }

    /// <inheritdoc/>
    public ushort Vmid { get; }

    /// <inheritdoc/>
    public VmState State { get; private set; } = VmState.Running;

    /// <inheritdoc/>
    public VmExitInfo? Exit { get; private set; }

    /// <inheritdoc/>
    public bool IsRunning => State == VmState.Running;

    /// <inheritdoc/>
    public ResourceTickets Tickets { get; } = new();

    /// <inheritdoc/>
    public IHostKernel Kernel { get; }

    /// <inheritdoc/>
    public NotifierChain Notifier { get; }

    /// <inheritdoc/>
    public ValueTask WaitForStartAsync() => ValueTask.CompletedTask;

    /// <summary>Runs its vCPUs, each as a thread of a VMM would.</summary>
    public void Run(IReadOnlyList<GunyahResource> vcpus, MmioBus bus)
    {
        foreach (var resource in vcpus)
        {
            var vcpu = new GunyahVCpu(this, resource.Label);
            if (vcpu.Bind() is { IsOk: false } refused)
            {
                Kernel.Log($"VM 0x{Vmid:x}: vCPU {resource.Label}: {refused}");
                continue;
            }

            Tickets.Add(resource);
            _threads.Add(new VCpuThread(vcpu, bus));
        }

        foreach (var thread in _threads) _ = RunAsync(thread);
    }

    /// <summary>Takes its vCPUs apart, as the driver does before it has a VM's memory back.</summary>
    public void Detach()
    {
        State = VmState.Reset;
        _notifier.Dispose();
        foreach (var thread in _threads)
        {
            thread.Stop();
            thread.VCpu.Unbind();
        }
    }

    private async Task RunAsync(VCpuThread thread)
    {
        try
        {
            var status = await thread.RunAsync();

            // A vCPU that went with its VM is no news.
            if (!status.IsOk && IsRunning) Kernel.Log($"VM 0x{Vmid:x}: {status}");
        }
#pragma warning disable CA1031 // Whatever it is, it must reach whoever runs the machine.
        catch (Exception mistake)
#pragma warning restore CA1031
        {
            _failed(mistake);
        }
    }

    private void OnNotification(MessageId id, ReadOnlySpan<byte> payload)
    {
        if (id != MessageId.VmExited || VmExited.TryParse(payload, out var exited) != DecodeStatus.Ok || exited.Vmid != Vmid || !IsRunning) return;
        Span<byte> reason = stackalloc byte[VmExitInfo.MaxReasonSize];
        reason.Clear();
        exited.Reason[..Math.Min(exited.Reason.Length, reason.Length)].CopyTo(reason);
        Exit = new VmExitInfo(exited.ExitType, (uint)exited.Reason.Length, BinaryPrimitives.ReadUInt64LittleEndian(reason));
        State = VmState.Exited;
    }
}
