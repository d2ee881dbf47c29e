using RmStack.Cli.Reports;
using RmStack.Host;

namespace RmStack.Cli.Simulation;

/// <summary>One boot of a guest: the system, the primary VM's user space that launches it, and what came of it.</summary>
public sealed class BootRun : IDisposable
{
    private readonly BootOptions _options;
    private readonly MmioBus _bus = new();

    /// <summary>Prepares a run.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="transcript">Takes what happens.</param>
    /// <param name="consoleByte">Takes what the guest prints; null for nobody.</param>
    public BootRun(BootOptions options, Transcript transcript, Action<byte>? consoleByte = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        System = new GunyahSystem(options.System, new HlosOptions { Log = line => Recorder!.Log(line) }, LaunchAsync);
        Recorder = new RunRecorder(System, transcript);
        Console = new GuestConsole(consoleByte, Recorder.ConsoleLine);
        Vmm = new VmmOptions
        {
            Image = options.Image,
            MemorySize = options.MemorySize,
            VCpus = options.VCpus,
            BootArguments = options.Append,
            Layout = options.Layout,
            Bus = _bus,
            Stop = System.Stop,
            Observer = Recorder,
        };
        _bus.Add(Vmm.ConsoleAddress, GuestConsole.Size, Console);
    }

    /// <summary>The system.</summary>
    public GunyahSystem System { get; }

    /// <summary>What is written down.</summary>
    public RunRecorder Recorder { get; }

    /// <summary>The guest's console.</summary>
    public GuestConsole Console { get; }

    /// <summary>The guest.</summary>
    public VmmOptions Vmm { get; }

    /// <summary>What became of the guest; null when it was never tried.</summary>
    public VmmResult? Guest { get; private set; }

    /// <summary>How the run ended; after <see cref="Run"/>.</summary>
    public BootResult Result { get; private set; } = new(ExitCode.Internal, "not run");

    /// <summary>Runs it.</summary>
    public BootResult Run()
    {
        var outcome = System.Run(_options.Budget);
        Console.Flush();
        return Result = BootResult.Judge(outcome, Guest, _options.Budget);
    }

    /// <inheritdoc/>
    public void Dispose() => System.Dispose();

    private async Task LaunchAsync(HlosContext hlos)
    {
        var tree = hlos.DeviceTree;
        Recorder.Step($"HLOS found Gunyah API {hlos.Hypervisor.ApiVersion}, variant 0x{hlos.Hypervisor.Variant:x}; the Resource Manager is at {tree.Transmit} and {tree.Receive}, interrupts {tree.TransmitIntid} and {tree.ReceiveIntid}");
        Guest = await new VirtualMachineMonitor(hlos, Vmm).RunAsync();
    }
}
