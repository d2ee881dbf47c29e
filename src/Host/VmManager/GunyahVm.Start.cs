using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <content>VM_START (Linux: gh_vm_start).</content>
public sealed partial class GunyahVm
{
    /// <summary>
    /// The VM_START ioctl. Starts a VM that never was; says ok for one that runs, -ENODEV for one that has been started
    /// before and does not run.
    /// </summary>
    public async ValueTask<DriverStatus> StartAsync()
    {
        if (_starting is { } starting) await starting;
        if (State == VmState.None)
        {
            var start = new TaskCompletionSource<DriverStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
            _starting = start.Task;
            var status = await StartOnceAsync();
            start.SetResult(status);
            _starting = null;
            while (_afterStart.TryDequeue(out var state)) SetState(state);
            if (!status.IsOk) return status;
        }

        return IsRunning ? DriverStatus.Ok : DriverStatus.Fail(LinuxErrno.ENODEV, "the VM does not run any more");
    }

    // What has been done stays as it is on a failure: teardown undoes it, knowing the state.
    private async ValueTask<DriverStatus> StartOnceAsync()
    {
        _notifier = _rm.Notifier.Register(OnNotification);
        var vmid = await _rm.AllocVmidAsync(0);
        if (!vmid.IsOk)
        {
            Unregister();
            return vmid.Status.ToDriverStatus();
        }

        Vmid = vmid.Value;
        State = VmState.Load;
        foreach (var region in _regions)
        {
            var given = await GiveAsync(region);
            if (!given.IsOk) return given;
        }

        if (_regions.Find(r => r.Contains(_dtbAddress, _dtbSize)) is not { Parcel: { } parcel } image)
            return DriverStatus.Fail(LinuxErrno.EINVAL, "the device tree is in no memory region");
        var call = await _rm.VmConfigureAsync(Vmid, AuthMechanism.None, parcel.Handle, 0, 0, _dtbAddress - image.GuestAddress, _dtbSize);
        if (!call.IsOk) return call.ToDriverStatus();

        call = await _rm.VmInitAsync(Vmid);
        if (!call.IsOk)
        {
            State = VmState.InitFailed;
            return call.ToDriverStatus();
        }

        State = VmState.Ready;
        var resources = await _rm.GetHypResourcesAsync(Vmid);
        if (!resources.IsOk) return resources.Status.ToDriverStatus();
        foreach (var entry in resources.Value)
        {
            if (GunyahResource.TryCreate(entry) is not { } resource)
                return DriverStatus.Fail(LinuxErrno.ENOMEM, $"VM_GET_HYP_RESOURCES: interrupt {entry.Virq} of {entry.Type} {entry.Label} cannot be mapped");
            Tickets.Add(resource);
        }

        call = await _rm.VmStartAsync(Vmid);
        if (!call.IsOk) return call.ToDriverStatus();
        State = VmState.Running;
        return DriverStatus.Ok;
    }

    private async ValueTask<DriverStatus> GiveAsync(MemoryRegion region)
    {
        var guest = new AclEntry(Vmid, region.Rights);
        AclEntry[] acl = [guest];
        if (region.Sharing == RegionSharing.Share)
        {
            var own = await _rm.GetVmidAsync();
            if (!own.IsOk) return own.Status.ToDriverStatus();
            acl = [guest, new AclEntry(own.Value, MemRights.ReadWriteExecute)];
        }

        var parcel = new MemParcel { Label = region.Label, Acl = acl, Entries = region.Coalesce() };
        var call = region.Sharing == RegionSharing.Lend ? await _rm.MemLendAsync(parcel) : await _rm.MemShareAsync(parcel);
        if (call.IsOk) region.Parcel = parcel;
        return call.ToDriverStatus();
    }

    private void Unregister()
    {
        _notifier?.Dispose();
        _notifier = null;
    }
}
