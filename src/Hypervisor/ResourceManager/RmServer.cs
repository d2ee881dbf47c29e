using RmStack.Protocol.Hypercalls;
using RmStack.ResourceManager.Parcels;
using RmStack.ResourceManager.Platform;
using RmStack.ResourceManager.Services;
using RmStack.ResourceManager.Vms;
using RmStack.Transport.Rpc;

namespace RmStack.ResourceManager;

/// <summary>The RM's whole state and its services: what a service finds the others through (RM: resource-manager.c).</summary>
internal sealed class RmServer
{
    private readonly TaskCompletionSource _ended = new();

    /// <summary>An RM without any VM but itself. Made on the vCPU that it runs on.</summary>
    public RmServer(RmPlatform platform, ResourceManagerOptions options)
    {
        Platform = platform;
        Options = options;
        Numbers = new SeededNumbers(options.Seed);
        Requests = new RpcDispatcher<Vm>(TryFindCaller) { SendsErrorDetail = options.Drop == RmDrop.Rm1 };
        Links = new RmLinks(new RpcServer(Requests), OnLinkFailed);
        Notifications = new Notifications(Links, Vms);
        ParcelMemory = new ParcelMemory(platform, options.Drop);
        Acceptance = new ParcelAcceptance(ParcelMemory, Notifications);
        Exits = new VmExits(this);
        // In the order of the RM (resource-manager.c): VM management, memparcels, resources, VM creation.
        Requests.Add(VmAllocationService.Handlers(this))
            .Add(VmStartService.Handlers(this))
            .Add(VmStopService.Handlers(this))
            .Add(VmResetService.Handlers(this))
            .Add(VmQueryService.Handlers(this))
            .Add(MemParcelService.Handlers(this))
            .Add(HypResourceService.Handlers(this))
            .Add(VmCreationService.Handlers(this));
    }

    public RmPlatform Platform { get; }

    public ResourceManagerOptions Options { get; }

    public VmTable Vms { get; } = new();

    public MemParcelTable Parcels { get; } = new();

    /// <summary>What parcels do to memory.</summary>
    public ParcelMemory ParcelMemory { get; }

    /// <summary>What becomes of parcels in VMs that have them.</summary>
    public ParcelAcceptance Acceptance { get; }

    /// <summary>Which service answers which message; what none does is answered with UNIMPLEMENTED.</summary>
    public RpcDispatcher<Vm> Requests { get; }

    public RmLinks Links { get; }

    public Notifications Notifications { get; }

    /// <summary>How VMs end.</summary>
    public VmExits Exits { get; }

    public SeededNumbers Numbers { get; }

    /// <summary>
    /// Ends, with an error, when the RM has met something that it cannot go on with: its own mistake, or a queue that it
    /// can no longer send to.
    /// </summary>
    public Task Ended => _ended.Task;

    /// <summary>Lets work that was begun go on in events of its own; what it throws ends the RM.</summary>
    public async void Continue(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (_ended.TrySetException(failure))
        {
            // Whoever runs the RM sees it in Ended.
        }
    }

    private bool TryFindCaller(ushort vmid, out Vm caller) => (caller = Vms.Find(vmid)!) is not null;

    private void OnLinkFailed(ushort vmid, GunyahError error)
    {
        // The real RM exits whatever the link. A secondary VM's queue is of the shape that the VM asked for, so its own link alone goes silent.
        if (vmid == Protocol.Vmids.Hlos)
            _ended.TrySetException(new InvalidOperationException($"The primary VM's queue refused a packet: {error}."));
    }
}
