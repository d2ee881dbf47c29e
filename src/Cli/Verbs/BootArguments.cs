using System.CommandLine;
using System.Globalization;
using RmStack.Cli.Simulation;
using RmStack.Host;
using RmStack.Machine.Images;

namespace RmStack.Cli.Verbs;

/// <summary>The options of `rmstack boot`.</summary>
internal sealed class BootArguments
{
    private const ulong DefaultMemory = 2 << 20;
    private const ulong MaxMemory = 768UL << 20;
    private const int MaxVcpus = 8;

    private readonly Option<string?> _image = new("--image", "-i") { HelpName = "FILE", Description = "Guest image: flat, arm64 Linux Image or ELF64. Without it the built-in guest runs." };
    private readonly Option<string?> _memory = new("--memory", "-m") { HelpName = "SIZE", Description = "The guest's RAM in bytes or with K, M, G. Default: 2M, or what the image needs." };
    private readonly Option<int> _vcpus = new("--vcpus") { HelpName = "N", Description = "The guest's vCPUs, 1 to 8.", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _append = new("--append") { HelpName = "TEXT", Description = "The guest's kernel command line." };
    private readonly Option<ulong> _budget = new("--budget") { HelpName = "INSTRUCTIONS", Description = "Guest instructions before the guest counts as hung.", DefaultValueFactory = _ => 200_000_000 };
    private readonly Option<string> _profile = new("--profile") { HelpName = "NAME", Description = $"The Linux driver: v12 (also v11, v13, v14). Not yet: {string.Join(", ", DriverProfiles.AllNames.Where(NotYet))}.", DefaultValueFactory = _ => "v12" };
    private readonly SystemArguments _system = new("The same seed prints the same bytes.");
    private readonly Option<string> _layout = new("--guest-pages") { HelpName = "LAYOUT", Description = "Where the guest's RAM lies in HLOS's: contiguous or scattered.", DefaultValueFactory = _ => "contiguous" };

    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON document instead of text." };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Print nothing but the guest's console." };

    public Option<bool> Timing { get; } = new("--timing") { Description = "Print the host's time on standard error." };

    public Option<string?> DtbOut { get; } = new("--dtb-out") { HelpName = "FILE", Description = "Write the device tree that the VMM makes for the guest." };

    public Option<string?> Trace { get; } = new("--trace") { HelpName = "FILE", Description = "Write every packet of every link to the Resource Manager as pcapng, for Wireshark (spec/wireshark)." };

    public IEnumerable<Option> All => [_image, _memory, _vcpus, _append, _system.Seed, _budget, _profile, _system.ResourceManager, _system.Hypervisor, _system.CapIds, _layout, Json, Quiet, Timing, DtbOut, Trace];

    public bool TryRead(ParseResult parsed, out BootOptions? options, out ExitCode code, out string problem)
    {
        options = null;
        code = ExitCode.Usage;
        problem = Check(parsed, out var system, out var profile, out var layout);
        if (problem.Length > 0) return false;
        code = ReadImage(parsed.GetValue(_image), out var image, out var name, out problem);
        if (code != ExitCode.Ok) return false;
        code = ReadMemory(parsed.GetValue(_memory), image!, name, out var memory, out problem);
        if (code != ExitCode.Ok) return false;
        options = new BootOptions
        {
            Image = image!,
            ImageName = name,
            MemorySize = memory,
            VCpus = parsed.GetValue(_vcpus),
            Append = parsed.GetValue(_append),
            Layout = layout,
            Budget = parsed.GetValue(_budget),
            Profile = profile,
            System = system,
        };
        return true;
    }

    private static bool NotYet(string name) => DriverProfiles.TryParse(name, out var profile) && !profile.IsImplemented();

    private string Check(ParseResult parsed, out GunyahSystemOptions system, out DriverProfile profile, out PageLayout layout)
    {
        system = new GunyahSystemOptions();
        layout = default;
        var name = parsed.GetValue(_profile);
        if (!DriverProfiles.TryParse(name, out profile)) return $"--profile {name}: there is no such driver; known are {string.Join(", ", DriverProfiles.AllNames)}";
        if (!profile.IsImplemented()) return $"--profile {name}: this driver is not implemented yet; use v12";
        if (parsed.GetValue(_vcpus) is < 1 or > MaxVcpus) return $"--vcpus {parsed.GetValue(_vcpus)}: a guest has 1 to {MaxVcpus} vCPUs";
        if (parsed.GetValue(Json) && parsed.GetValue(Quiet)) return "--json and --quiet exclude each other";
        if (parsed.GetValue(_append) is { } append && append.Contains('\0', StringComparison.Ordinal)) return "--append: a command line holds no NUL";
        if (SystemArguments.Choose("--guest-pages", parsed.GetValue(_layout), ["contiguous", "scattered"], out var pages) is { } unknown) return unknown;
        layout = pages == 0 ? PageLayout.Contiguous : PageLayout.Scattered;
        return _system.Read(parsed, ref system);
    }

    private static ExitCode ReadImage(string? path, out GuestImage? image, out string name, out string problem)
    {
        image = null;
        name = path is null ? "hello (built in)" : Path.GetFileName(path);
        byte[] bytes;
        if (path is null) bytes = BuiltInGuests.Hello();
        else if (!HostFile.TryRead(path, out bytes, out problem)) return ExitCode.InputNotFound;

        if (!GuestImage.TryRead(bytes, out image, out var error))
        {
            problem = $"{path}: {error}; an image is a flat AArch64 binary, an arm64 Linux Image or an ELF64 program";
            return ExitCode.NotAnImage;
        }

        var vmm = new VmmOptions { Image = image!, MemorySize = DefaultMemory, Bus = new MmioBus() };
        if (image!.LinkedBase is { } linked && linked != 0 && linked != vmm.MemoryBase)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"{path}: the program is linked for 0x{linked:x}, a guest's RAM is at 0x{vmm.MemoryBase:x}; link it there or position-independent");
            return ExitCode.NotAnImage;
        }

        if (!VmmOptions.CanBeEntered(image))
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"{path}: a guest is entered at its first byte, and the program's entry is 0x{image.EntryOffset:x} bytes further; put the entry first");
            return ExitCode.NotAnImage;
        }

        problem = "";
        return ExitCode.Ok;
    }

    private static ExitCode ReadMemory(string? text, GuestImage image, string name, out ulong memory, out string problem)
    {
        problem = "";
        var needed = VmmOptions.RequiredMemory(image);
        memory = Math.Max(DefaultMemory, (needed + DefaultMemory - 1) & ~(DefaultMemory - 1));
        if (text is not null)
        {
            if (!SizeText.TryParse(text, out memory) || memory == 0 || memory % PageAllocator.PageSize != 0)
            {
                problem = $"--memory {text}: a size is a number of bytes, or one with K, M or G, and a multiple of 4096";
                return ExitCode.Usage;
            }

            if (needed > memory)
            {
                problem = $"{name} does not fit: it needs {needed} bytes with its device tree, and --memory gives {memory}";
                return ExitCode.TooBig;
            }
        }

        if (memory <= MaxMemory) return ExitCode.Ok;
        problem = $"a guest with {SizeText.Format(memory)} of RAM does not fit the machine, which has room for {SizeText.Format(MaxMemory)}";
        return ExitCode.TooBig;
    }
}
