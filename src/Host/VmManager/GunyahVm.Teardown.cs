using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <summary>What a teardown came to.</summary>
/// <param name="LeakedRegions">Regions whose memory did not come back.</param>
/// <param name="Problems">Calls that were refused on the way, in order; empty for a clean end.</param>
public sealed record TeardownResult(int LeakedRegions, IReadOnlyList<string> Problems);

/// <content>The end of a VM (Linux: gh_vm_free).</content>
public sealed partial class GunyahVm
{
    /// <summary>
    /// Stops the VM if it runs, takes its functions and resources apart, has it reset, and takes the memory back. Like the
    /// driver it waits without a limit for what the Resource Manager must report.
    /// </summary>
    public async ValueTask<TeardownResult> TeardownAsync()
    {
        var problems = new List<string>();
        if (IsRunning)
        {
            Note(await _rm.VmStopAsync(Vmid), problems);
            await WaitForStateAsync(VmState.Exited);
        }

        foreach (var function in _functions) function.Unbind();
        _functions.Clear();
        if (Tickets.Clean() is var left and > 0) problems.Add($"{left} resource tickets were left");

        if (State is not (VmState.None or VmState.Load or VmState.Reset))
        {
            // This generation waits even when the call was refused, and then for ever; v17 does not.
            Note(await _rm.VmResetAsync(Vmid), problems);
            await WaitForStateAsync(VmState.Reset);
        }

        var leaked = await ReclaimAllAsync(problems);
        if (State > VmState.None)
        {
            Unregister();
            Note(await _rm.DeallocVmidAsync(Vmid), problems);
        }

        foreach (var problem in problems) Kernel.Log(problem);
        return new TeardownResult(leaked, problems);
    }

    private async ValueTask<int> ReclaimAllAsync(List<string> problems)
    {
        var leaked = 0;
        foreach (var region in _regions)
        {
            if (region.Parcel is not { IsLive: true } parcel) continue;
            var call = await _rm.MemReclaimAsync(parcel);
            if (call.IsOk) continue;
            Note(call, problems);
            region.Leaked = true;
            leaked++;
        }

        return leaked;
    }

    private static void Note(in RmCallStatus call, List<string> problems)
    {
        if (!call.IsOk) problems.Add(call.ToString());
    }
}
