using RmStack.Machine.Images;

namespace RmStack.Host;

/// <summary>The guest that a VMM makes.</summary>
public sealed record VmmOptions
{
    /// <summary>Where the console is when nothing else is said.</summary>
    public const ulong DefaultConsoleAddress = 0x0900_0000;

    /// <summary>Its software.</summary>
    public required GuestImage Image { get; init; }

    /// <summary>Bytes of its RAM, a multiple of 4096.</summary>
    public required ulong MemorySize { get; init; }

    /// <summary>First guest address of the RAM, a multiple of 2 MiB.</summary>
    public ulong MemoryBase { get; init; } = 0x8000_0000;

    /// <summary>vCPUs, 1 to 8.</summary>
    public int VCpus { get; init; } = 1;

    /// <summary>The VM's name, which the Resource Manager keeps.</summary>
    public string Name { get; init; } = "rm-stack-guest";

    /// <summary>Kernel command line; null for none.</summary>
    public string? BootArguments { get; init; }

    /// <summary>How the RAM is laid out in the primary VM's.</summary>
    public PageLayout Layout { get; init; } = PageLayout.Contiguous;

    /// <summary>Bytes at the end of the RAM for the device tree and what the Resource Manager adds to it.</summary>
    public ulong DeviceTreeArea { get; init; } = 64 << 10;

    /// <summary>Address of the console, a PL011; the composition puts the device on the bus.</summary>
    public ulong ConsoleAddress { get; init; } = DefaultConsoleAddress;

    /// <summary>Address of the distributor in the guest; the redistributors lie below it.</summary>
    public ulong DistributorAddress { get; init; } = 0x3fff_0000;

    /// <summary>Its devices.</summary>
    public required MmioBus Bus { get; init; }

    /// <summary>Labels of doorbells that the VMM wants to ring, each the number of the guest's SPI.</summary>
    public IReadOnlyList<uint> Doorbells { get; init; } = [];

    /// <summary>Tells it to end the guest; null for never.</summary>
    public StopSignal? Stop { get; init; }

    /// <summary>Told what happens; null for nobody.</summary>
    public IVmmObserver? Observer { get; init; }

    /// <summary>First guest address of the device tree's area.</summary>
    public ulong DeviceTreeAddress => MemoryBase + MemorySize - DeviceTreeArea;

    /// <summary>First guest address of the image.</summary>
    public ulong ImageAddress => MemoryBase + Image.TextOffset;

    /// <summary>Bytes of RAM that the image and the device tree need together.</summary>
    public static ulong RequiredMemory(GuestImage image, ulong deviceTreeArea = 64 << 10)
    {
        ArgumentNullException.ThrowIfNull(image);
        const ulong Page = PageAllocator.PageSize;
        return ((image.TextOffset + image.NeededSize + Page - 1) & ~(Page - 1)) + deviceTreeArea;
    }

    /// <summary>
    /// True when a VM with this image starts in it: the Resource Manager enters a VM at the first byte of its memory, so
    /// the image begins with its entry point or leaves room there for a branch to it.
    /// </summary>
    public static bool CanBeEntered(GuestImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.TextOffset + image.EntryOffset == 0 || image.TextOffset + image.Segments[0].Offset >= sizeof(uint);
    }
}

/// <summary>Watches a VMM at work.</summary>
public interface IVmmObserver
{
    /// <summary>A step was done, in words.</summary>
    void Step(string text);

    /// <summary>The guest's RAM was taken from the primary VM's free pages.</summary>
    void MemoryAllocated(GuestRam ram);

    /// <summary>The primary VM touched the guest's RAM to see whether it can.</summary>
    /// <param name="when">At which point of the guest's life.</param>
    /// <param name="address">Where, by the primary VM's address.</param>
    /// <param name="outcome">What the load gave, or why it was refused.</param>
    /// <param name="allowed">True when it was not refused.</param>
    void Touched(string when, ulong address, string outcome, bool allowed);
}
