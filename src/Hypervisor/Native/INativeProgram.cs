namespace RmStack.Hypervisor.Native;

/// <summary>Software of a VM that is written in C#. It reaches everything through its context: that is, by hypercalls.</summary>
public interface INativeProgram
{
    /// <summary>Runs on the VM's boot vCPU from power-on. Its continuations run on that vCPU, in virtual time.</summary>
    Task RunAsync(NativeContext context);
}
