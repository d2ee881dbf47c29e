using RmStack.Hypervisor.Native;
using RmStack.Protocol;
using RmStack.ResourceManager.Platform;
using RmStack.ResourceManager.Vms;
using RmStack.Transport.Rpc;

namespace RmStack.ResourceManager;

/// <summary>
/// The Gunyah Resource Manager as the software of the root VM: creates the primary VM, and then answers what VMs ask for.
/// Whatever it does to the system it does by hypercalls.
/// </summary>
public sealed class ResourceManagerProgram : INativeProgram
{
    private readonly ResourceManagerOptions _options;

    /// <summary>An RM of the newer drop with one vCPU for the primary VM.</summary>
    public ResourceManagerProgram()
        : this(new ResourceManagerOptions())
    {
    }

    /// <summary>An RM built to order.</summary>
    public ResourceManagerProgram(ResourceManagerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>The messages that it answers with more than UNIMPLEMENTED, once it has booted; empty before.</summary>
    public IReadOnlyCollection<MessageId> AnsweredMessages => Server?.Requests.Messages ?? [];

    /// <summary>What the RM's end of a VM's link has counted; null when the VM has no link now.</summary>
    public RpcStatistics? LinkStatistics(ushort vmid) => Server?.Links.StatisticsOf(vmid);

    internal RmServer? Server { get; private set; }

    /// <inheritdoc/>
    /// <returns>Ends only with an error.</returns>
    public Task RunAsync(NativeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Server = new RmServer(RmPlatform.Boot(context), _options);
        HlosBoot.Start(Server);
        return Server.Ended;
    }
}
