using RmStack.Cli.Bench.Contexts;

namespace RmStack.Cli.Bench.Model;

/// <summary>Two VMs of the model: both run on the thread that waits, in virtual time, each when an interrupt wakes it.</summary>
internal sealed class ModelStage(BenchMachine machine, SecondVm vm) : Stage(vm.Software, machine.Software, CancellationToken.None)
{
    public override void OnClient(Action body) => On(ClientContext!, body);

    public override void OnServer(Action body) => On(ServerContext!, body);

    public override void Run(Func<Task> body)
    {
        Task? task = null;
        ClientContext!.Post(_ => task = body(), null);
        machine.StepUntil(() => task is { IsCompleted: true });
        task!.GetAwaiter().GetResult();
    }

    private void On(SynchronizationContext context, Action body)
    {
        var done = false;
        context.Post(
            _ =>
            {
                body();
                done = true;
            },
            null);
        machine.StepUntil(() => done);
    }
}
