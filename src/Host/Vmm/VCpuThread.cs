using RmStack.Protocol;

namespace RmStack.Host;

/// <summary>One thread of a VMM: VCPU_RUN until the VM has ended, serving the guest's devices in between.</summary>
/// <param name="vcpu">The vCPU.</param>
/// <param name="bus">The guest's devices.</param>
/// <param name="failed">Called when the hypervisor refuses to run the vCPU.</param>
internal sealed class VCpuThread(GunyahVCpu vcpu, MmioBus bus, Action? failed = null)
{
    private bool _stopped;

    /// <summary>The vCPU.</summary>
    public GunyahVCpu VCpu => vcpu;

    /// <summary>Runs until the VM has ended, the hypervisor refuses, or <see cref="Stop"/>.</summary>
    public async Task<DriverStatus> RunAsync()
    {
        // Begins on its own turn: whoever starts it must not find the CPU gone into the guest.
        await Task.Yield();
        while (!_stopped)
        {
            var error = await vcpu.RunAsync();
            if (error == -LinuxErrno.EINTR) continue;
            if (error != 0)
            {
                failed?.Invoke();
                return new DriverStatus(error, $"VCPU_RUN of vCPU {vcpu.Id}");
            }

            if (vcpu.Page.ExitReason != VCpuExitReason.Mmio) break;
            Serve(vcpu.Page);
        }

        return DriverStatus.Ok;
    }

    /// <summary>As a VMM's signal handler does: no further run, and who sleeps in one is woken.</summary>
    public void Stop()
    {
        _stopped = true;
        vcpu.Page.ImmediateExit = true;
        vcpu.Signal();
    }

    private void Serve(VCpuRunPage page)
    {
        if (page.MmioIsWrite) bus.Write(page.MmioAddress, page.MmioLength, page.MmioData);
        else page.MmioData = bus.Read(page.MmioAddress, page.MmioLength);
    }
}
