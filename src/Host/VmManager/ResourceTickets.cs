using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <summary>
/// Somebody who waits for a resource of a VM: a function of user space that may come before or after the VM is started
/// (Linux: struct gh_vm_resource_ticket).
/// </summary>
/// <param name="type">Kind of resource.</param>
/// <param name="label">Its label.</param>
/// <param name="populate">Takes a resource; false leaves it unclaimed.</param>
/// <param name="unpopulate">Gives one back.</param>
public sealed class ResourceTicket(ResourceType type, uint label, Func<GunyahResource, bool> populate, Action<GunyahResource> unpopulate)
{
    /// <summary>Kind of resource.</summary>
    public ResourceType Type { get; } = type;

    /// <summary>Its label.</summary>
    public uint Label { get; } = label;

    /// <summary>What it was given.</summary>
    internal List<GunyahResource> Resources { get; } = [];

    internal bool Offer(GunyahResource resource)
    {
        if (!populate(resource)) return false;
        Resources.Add(resource);
        return true;
    }

    internal void Withdraw(GunyahResource resource) => unpopulate(resource);
}

/// <summary>The resources of one VM and who has them. Which of the two comes first does not matter.</summary>
public sealed class ResourceTickets
{
    private readonly List<ResourceTicket> _tickets = [];
    private readonly List<GunyahResource> _unclaimed = [];

    /// <summary>Tickets outstanding.</summary>
    public IReadOnlyList<ResourceTicket> Tickets => _tickets;

    /// <summary>Resources that nobody asked for.</summary>
    public IReadOnlyList<GunyahResource> Unclaimed => _unclaimed;

    /// <summary>Adds a ticket and offers it what is there.</summary>
    /// <returns>-EEXIST when another one has its type and label.</returns>
    public DriverStatus Add(ResourceTicket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        if (Find(ticket.Type, ticket.Label) is not null)
            return DriverStatus.Fail(LinuxErrno.EEXIST, $"{ticket.Type} {ticket.Label} has a ticket already");
        _tickets.Add(ticket);
        foreach (var resource in _unclaimed.FindAll(r => r.Type == ticket.Type && r.Label == ticket.Label))
            if (ticket.Offer(resource))
                _unclaimed.Remove(resource);
        return DriverStatus.Ok;
    }

    /// <summary>Adds a resource: whoever has a ticket for it is offered it once.</summary>
    public void Add(GunyahResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (Find(resource.Type, resource.Label) is not { } ticket || !ticket.Offer(resource)) _unclaimed.Add(resource);
    }

    /// <summary>Removes a ticket; its resources are unclaimed again.</summary>
    public void Remove(ResourceTicket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        if (!_tickets.Remove(ticket)) return;
        foreach (var resource in ticket.Resources)
        {
            ticket.Withdraw(resource);
            _unclaimed.Add(resource);
        }

        ticket.Resources.Clear();
    }

    /// <summary>Frees all unclaimed resources, at the end of the VM.</summary>
    /// <returns>Tickets that should have been gone.</returns>
    public int Clean()
    {
        _unclaimed.Clear();
        return _tickets.Count;
    }

    private ResourceTicket? Find(ResourceType type, uint label) => _tickets.Find(t => t.Type == type && t.Label == label);
}
