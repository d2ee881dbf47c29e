using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Platform;

namespace RmStack.ResourceManager.Vms;

/// <summary>How VMs end, and what their owners are told about it (RM: vm_mgnt.c).</summary>
internal sealed class VmExits(RmServer rm)
{
    /// <summary>The halt interrupt of a vCPU: finds out what happened and ends its VM. What comes after the end is not looked at.</summary>
    public void OnHalt(Vm vm, VmVcpu vcpu)
    {
        if (!vm.May(VmEvent.Exited)) return;
        var check = rm.Platform.Hyp.RunCheck(vcpu.Cap);
        var code = CodeOf(vm);
        if (check.Error != GunyahError.Ok) End(vm, ExitType.SoftwareError, VmExitFlags.None, VmExitCode.Unknown);
        else if (check.State == HypConstants.RunStatePoweredOff) End(vm, ExitType.PlatformOff, VmExitFlags.None, code);
        else if (check.State == HypConstants.RunStateFault) End(vm, ExitType.SoftwareError, VmExitFlags.None, code);
        else if (check.State != HypConstants.RunStatePsciReset) End(vm, ExitType.SoftwareError, VmExitFlags.None, VmExitCode.Unknown);
        else if ((check.Data0 & HypConstants.PsciPlainReset) != 0) End(vm, ExitType.PlatformReset, VmExitFlags.None, code);
        else EndByReset2(vm, code, check.Data0, check.Data1);
    }

    /// <summary>Ends a VM: its vCPUs are killed, its peers are told its state, its owner the reason.</summary>
    public void End(Vm vm, ExitType type, VmExitFlags flags, VmExitCode code)
    {
        Span<byte> payload = stackalloc byte[VmExited.SizeOf(VmExited.ReasonSize)];
        VmExited.Write(payload, vm.Vmid, type, flags, code);
        End(vm, payload);
    }

    private void EndByReset2(Vm vm, VmExitCode code, ulong type, ulong cookie)
    {
        Span<byte> payload = stackalloc byte[VmExited.SizeOf(VmExited.Reset2ReasonSize)];
        var flags = (type & HypConstants.PsciReset64) != 0 ? VmExitFlags.Call64 : VmExitFlags.None;
        VmExited.WriteReset2(payload, vm.Vmid, flags, code, (uint)type, cookie);
        End(vm, payload);
    }

    private void End(Vm vm, ReadOnlySpan<byte> exited)
    {
        vm.Objects!.Kill();
        vm.Move(VmEvent.Exited);
        rm.Notifications.Status(vm);
        rm.Notifications.Exited(vm, exited);
    }

    // A VM that left a crash message did not end as it should.
    private static VmExitCode CodeOf(Vm vm) => vm.CrashMessage is null ? VmExitCode.Normal : VmExitCode.SoftwareError;
}
