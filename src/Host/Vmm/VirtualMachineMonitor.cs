using System.Buffers.Binary;
using System.Globalization;
using RmStack.Protocol;

namespace RmStack.Host;

/// <summary>
/// A small VMM in the primary VM's user space: makes a guest by the VM manager's interface, serves its devices until it
/// ends, and takes it apart.
/// </summary>
public sealed class VirtualMachineMonitor
{
    private const uint BranchInstruction = 0x1400_0000;
    private const uint BranchOffsetMask = 0x03ff_ffff;
    private const ulong RunAlignment = 2 << 20;

    private readonly HlosContext _hlos;
    private readonly VmmOptions _options;
    private readonly GunyahVm _vm;
    private readonly VCpuThread[] _threads;
    private bool _stopped;

    /// <summary>A VMM for one guest.</summary>
    public VirtualMachineMonitor(HlosContext hlos, VmmOptions options)
    {
        ArgumentNullException.ThrowIfNull(hlos);
        ArgumentNullException.ThrowIfNull(options);
        _hlos = hlos;
        _options = options;
        _vm = new GunyahVm(hlos.ResourceManager, hlos.Kernel);
        _threads = new VCpuThread[options.VCpus];
        for (var n = 0; n < _threads.Length; n++) _threads[n] = new VCpuThread(new GunyahVCpu(_vm, (uint)n), options.Bus, Stop);
    }

    /// <summary>The guest's life, from its memory to its memory's return.</summary>
    public async Task<VmmResult> RunAsync()
    {
        _options.Stop?.OnDelivered(Stop);
        var count = (int)(_options.MemorySize / PageAllocator.PageSize);
        if (!_hlos.Pages.TryAllocate(count, _options.Layout, RunAlignment, out var pages))
            return new VmmResult { Launch = DriverStatus.Fail(LinuxErrno.ENOMEM, $"the primary VM has no {count} free pages for the guest") };

        var ram = new GuestRam(_hlos.Memory, pages);
        _options.Observer?.MemoryAllocated(ram);
        var launch = Load(ram);
        Touch(ram, "before it is lent");
        if (launch.IsOk) launch = Prepare(pages);
        if (launch.IsOk) launch = await _vm.StartAsync();
        var running = DriverStatus.Ok;
        if (launch.IsOk)
        {
            Step(string.Create(CultureInfo.InvariantCulture, $"VM 0x{_vm.Vmid:x} runs; its memory is lent"));
            Touch(ram, "while it is lent");
            running = await RunVcpusAsync();
        }

        var (status, exit) = (_threads[0].VCpu.Page.Status, _vm.Exit);
        var teardown = await _vm.TeardownAsync();
        Touch(ram, "after it was reclaimed");
        var home = ram.CountReachable();
        if (home == pages.Length) _hlos.Pages.Free(pages);
        return new VmmResult
        {
            Launch = launch,
            Vmid = _vm.Vmid,
            Running = running,
            Status = launch.IsOk && running.IsOk && !_stopped ? status : VmRunStatus.Unknown,
            Exit = exit,
            Stopped = _stopped,
            Teardown = teardown,
            Pages = pages.Length,
            PagesHome = home,
            VCpus = [.. _threads.Select(static thread => thread.VCpu.Statistics)],
        };
    }

    private DriverStatus Load(GuestRam ram)
    {
        var image = _options.Image;
        var tree = GuestDeviceTree.Build(_options).ToArray();
        if ((ulong)tree.Length > _options.DeviceTreeArea)
            return DriverStatus.Fail(LinuxErrno.E2BIG, $"the guest's device tree has {tree.Length} bytes, and there is room for {_options.DeviceTreeArea}");
        ram.Clear();
        foreach (var segment in image.Segments) ram.Write(image.TextOffset + segment.Offset, segment.Bytes.Span);

        // A VM is entered at the first byte of its memory: an image that begins elsewhere is reached by a branch.
        var entry = image.TextOffset + image.EntryOffset;
        if (entry != 0) WriteBranch(ram, entry);
        ram.Write(_options.DeviceTreeAddress - _options.MemoryBase, tree);
        Step(string.Create(
            CultureInfo.InvariantCulture,
            $"{image.Name}, {image.NeededSize} bytes, at 0x{_options.ImageAddress:x}; device tree, {tree.Length} bytes, at 0x{_options.DeviceTreeAddress:x}"));
        return DriverStatus.Ok;
    }

    private static void WriteBranch(GuestRam ram, ulong entry)
    {
        Span<byte> branch = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(branch, BranchInstruction | ((uint)(entry / sizeof(uint)) & BranchOffsetMask));
        ram.Write(0, branch);
    }

    private DriverStatus Prepare(ulong[] pages)
    {
        foreach (var thread in _threads)
            if (_vm.AddFunction(thread.VCpu) is { IsOk: false } refused)
                return refused;
        foreach (var label in _options.Doorbells)
            if (_vm.AddFunction(new Irqfd(_vm, label)) is { IsOk: false } refused)
                return refused;
        _vm.SetDtbConfig(_options.DeviceTreeAddress, _options.DeviceTreeArea);
        return _vm.SetMemoryRegion(new MemoryRegion { Label = 0, GuestAddress = _options.MemoryBase, Pages = pages });
    }

    private async ValueTask<DriverStatus> RunVcpusAsync()
    {
        var runs = new Task<DriverStatus>[_threads.Length];
        for (var n = 0; n < runs.Length; n++) runs[n] = _threads[n].RunAsync();
        var failure = DriverStatus.Ok;
        foreach (var run in runs)
        {
            var status = await run;
            if (failure.IsOk) failure = status;
        }

        return failure;
    }

    private void Stop()
    {
        _stopped = true;
        foreach (var thread in _threads) thread.Stop();
    }

    private void Touch(GuestRam ram, string when)
    {
        if (_options.Observer is not { } observer) return;
        var allowed = ram.TryTouch(0, out var word, out var abort);
        var outcome = allowed
            ? string.Create(CultureInfo.InvariantCulture, $"0x{word:x16}")
            : abort.Reason == Hypervisor.Native.MemoryAbortReason.NotMapped ? "abort, not mapped" : "abort, no permission";
        observer.Touched(when, ram.Pages[0], outcome, allowed);
    }

    private void Step(string text) => _options.Observer?.Step(text);
}
