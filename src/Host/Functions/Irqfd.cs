using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <summary>
/// An interrupt that the host raises in the guest: a doorbell whose label is in the guest's device tree (Linux:
/// gunyah_irqfd.c, edge mode).
/// </summary>
public sealed class Irqfd : IVmFunction
{
    private const ulong Ring = 1;

    private readonly GunyahVm _vm;
    private readonly ResourceTicket _ticket;
    private GunyahResource? _resource;
    private bool _complained;

    /// <summary>An interrupt of a VM; add it with <see cref="GunyahVm.AddFunction"/>.</summary>
    public Irqfd(GunyahVm vm, uint label)
    {
        ArgumentNullException.ThrowIfNull(vm);
        _vm = vm;
        Label = label;
        _ticket = new ResourceTicket(ResourceType.DoorbellSource, label, Populate, _ => _resource = null);
    }

    /// <summary>Label of the doorbell.</summary>
    public uint Label { get; }

    /// <summary>Events lost because the VM had no such doorbell (yet).</summary>
    public long Lost { get; private set; }

    /// <inheritdoc/>
    public DriverStatus Bind() => _vm.Tickets.Add(_ticket);

    /// <inheritdoc/>
    public void Unbind() => _vm.Tickets.Remove(_ticket);

    /// <summary>An event on the file: rings the bell.</summary>
    public void Trigger()
    {
        if (_resource is { } bell)
        {
            _vm.Kernel.BellSend(bell.CapId, Ring);
            return;
        }

        Lost++;
        if (_complained) return;
        _complained = true;
        _vm.Kernel.Log($"irqfd {Label}: there is no such doorbell, the event is lost");
    }

    private bool Populate(GunyahResource resource)
    {
        if (_resource is not null) return false;
        _resource = resource;
        return true;
    }
}
