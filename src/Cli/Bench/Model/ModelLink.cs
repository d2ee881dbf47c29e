using RmStack.Hypervisor.Native;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Cli.Bench.Model;

/// <summary>A pair of message queues between the root VM and a second VM, as the RM link is, and a port at each end.</summary>
internal sealed class ModelLink : IDisposable
{
    private const uint RootTransmit = 32;
    private const uint RootReceive = 33;
    private const uint VmTransmit = 34;
    private const uint VmReceive = 35;

    private readonly BenchMachine _machine = new();

    /// <summary>Two VMs with a link.</summary>
    /// <param name="downDepth">Packets that the queue to the second VM has room for.</param>
    public ModelLink(int downDepth)
    {
        var vm = _machine.StartSecondVm();
        Stage = new ModelStage(_machine, vm);
        CapId up = _machine.CreateQueue(), down = _machine.CreateQueue(downDepth);
        var calls = _machine.Context.Native;
        BenchMachine.Must(calls.BindMsgQueueSend(up, vm.Vic, VmTransmit));
        BenchMachine.Must(calls.BindMsgQueueReceive(up, _machine.Caps.Vic, RootReceive));
        BenchMachine.Must(calls.BindMsgQueueSend(down, _machine.Caps.Vic, RootTransmit));
        BenchMachine.Must(calls.BindMsgQueueReceive(down, vm.Vic, VmReceive));
        CapId transmit = vm.Give(up), receive = vm.Give(down);
        // The second VM calls as Linux does, the root VM as the Resource Manager does.
        Client = new HypercallMsgQueuePort(vm.Context, vm.Context.Smccc, transmit, receive, VmTransmit, VmReceive, vm.Buffers);
        Server = new HypercallMsgQueuePort(_machine.Context, calls, down, up, RootTransmit, RootReceive, _machine.Buffers);
    }

    public ModelStage Stage { get; }

    /// <summary>The second VM's end.</summary>
    public HypercallMsgQueuePort Client { get; }

    /// <summary>The root VM's end.</summary>
    public HypercallMsgQueuePort Server { get; }

    public void Dispose()
    {
        Stage.Dispose();
        _machine.Dispose();
    }
}
