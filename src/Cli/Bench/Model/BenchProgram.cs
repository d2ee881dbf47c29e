using RmStack.Hypervisor.Native;

namespace RmStack.Cli.Bench.Model;

/// <summary>Software that does nothing by itself: it hands out where it runs, and what is posted there runs as the VM.</summary>
internal sealed class BenchProgram : INativeProgram
{
    public NativeContext? Context { get; private set; }

    public SynchronizationContext? Software { get; private set; }

    public Task RunAsync(NativeContext context)
    {
        Software = SynchronizationContext.Current;
        Context = context;
        return Task.CompletedTask;
    }
}
