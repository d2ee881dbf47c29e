using System.Buffers.Binary;
using System.Numerics;
using RmStack.Hypervisor;
using RmStack.Hypervisor.Native;
using RmStack.Protocol.Hypercalls;

namespace RmStack.ResourceManager.Platform;

/// <summary>
/// What the RM was given at boot, and the calls that everything else is made of: its capabilities, its own memory, its
/// interrupts (RM: rm_env_data.h).
/// </summary>
internal sealed class RmPlatform
{
    private const uint FirstOwnVirq = 32;
    private const uint LastOwnVirq = 95;

    // The RM's RAM: the environment block at its start, buffers from 1 MiB on, VM info pages from 8 MiB on.
    private const ulong BuffersOffset = 0x10_0000;
    private const ulong InfoPagesOffset = 0x80_0000;
    private const int SlabSize = 16 * 1024;

    // Two for each VM that can have a link: the primary VM, the platform's and the dynamic ones.
    private const int SlabCount = 2 * (1 + 63 + 63);

    private RmPlatform(NativeContext context, RootVmConfiguration configuration)
    {
        Context = context;
        Configuration = configuration;
        context.Interrupts.Initialise(configuration.Layout.GicdBase);
        Buffers = context.Memory.CreatePool(configuration.Layout.RootBase + BuffersOffset, SlabSize, SlabCount);
        Window = new MemoryWindow(this);
    }

    /// <summary>The RM's own VM.</summary>
    public NativeContext Context { get; }

    /// <summary>The hypercalls.</summary>
    public HypercallStubs Hyp => Context.Native;

    /// <summary>Capabilities and addresses handed over by the hypervisor.</summary>
    public RootVmConfiguration Configuration { get; }

    /// <summary>Buffers for message queues.</summary>
    public VmSlabPool Buffers { get; }

    /// <summary>The RM's own interrupt numbers.</summary>
    public VirqPool Virqs { get; } = new(FirstOwnVirq, LastOwnVirq);

    /// <summary>Where the RM maps memory of VMs while it reads or writes it.</summary>
    public MemoryWindow Window { get; }

    /// <summary>Physical CPUs that may be used.</summary>
    public int UsableCores => BitOperations.PopCount(Configuration.UsableCores);

    /// <summary>Reads the environment block that X0 points to.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static RmPlatform Boot(NativeContext context)
    {
        const int HeadSize = RootVm.ConfigurationPointerOffset + (2 * sizeof(uint));
        Span<byte> head = stackalloc byte[HeadSize];
        context.Memory.Read(context.BootArgument, head);
        if (BinaryPrimitives.ReadUInt32LittleEndian(head) != RootVm.EnvironmentSignature)
            throw new InvalidOperationException("The Resource Manager was not handed an environment block.");
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(head[RootVm.ConfigurationPointerOffset..]);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(head[(RootVm.ConfigurationPointerOffset + sizeof(uint))..]);
        var configuration = new byte[size];
        context.Memory.Read(context.BootArgument + offset, configuration);
        return new RmPlatform(context, RootVmConfiguration.Decode(configuration));
    }

    /// <summary>Creates an object; its master capability is the RM's.</summary>
    public CapResult Create(int number) => Hyp.Create(number, Configuration.Partition, Configuration.CSpace);

    /// <summary>Gives a VM a capability for an object of the RM's.</summary>
    public CapResult Give(CapId cap, CapId cspace, uint rights) => Hyp.CopyCap(Configuration.CSpace, cap, cspace, rights);

    /// <summary>Takes a capability from a VM; nothing happens when there is none.</summary>
    public void Take(ref CapId cap, CapId cspace)
    {
        if (cap.IsValid && cspace.IsValid) Hyp.DeleteCap(cspace, cap);
        cap = CapId.Invalid;
    }

    /// <summary>Gives up the RM's own capability for an object: the object goes with the last reference.</summary>
    public void Drop(ref CapId cap) => Take(ref cap, Configuration.CSpace);

    /// <summary>Creates an extent over all memory of the platform that owns nothing yet.</summary>
    public GunyahError CreateExtent(out CapId extent)
    {
        var attempt = new Attempt();
        if (attempt.Ok(Create(HypercallNumber.PartitionCreateMemExtent), out extent)
            && attempt.Ok(Hyp.ConfigureDerived(extent, Configuration.MemExtent, 0, Configuration.MemorySize, HypConstants.SparseExtent)))
            attempt.Ok(Hyp.Activate(extent));
        if (attempt.Failure != GunyahError.Ok) Drop(ref extent);
        return attempt.Failure;
    }

    /// <summary>The page of the RM's RAM that a VM's info area is made of, as an offset into the RM's own extent.</summary>
    public static ulong InfoPageOffset(ushort vmid) => InfoPagesOffset + (vmid * HypConstants.PageSize);
}
