using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;

namespace RmStack.Host.Tests;

public class ResourceTicketTests
{
    private readonly ResourceTickets _tickets = new();
    private readonly List<uint> _given = [];
    private readonly List<uint> _taken = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_does_not_matter_which_comes_first(bool ticketFirst)
    {
        if (ticketFirst) _tickets.Add(Ticket(ResourceType.VirtualCpu, 1));
        _tickets.Add(Resource(ResourceType.VirtualCpu, 1));
        if (!ticketFirst) _tickets.Add(Ticket(ResourceType.VirtualCpu, 1));
        Assert.Equal([1u], _given);
        Assert.Empty(_tickets.Unclaimed);
    }

    [Fact]
    public void Type_and_label_must_both_be_right()
    {
        _tickets.Add(Ticket(ResourceType.VirtualCpu, 1));
        _tickets.Add(Resource(ResourceType.VirtualCpu, 2));
        _tickets.Add(Resource(ResourceType.DoorbellSource, 1));
        Assert.Empty(_given);
        Assert.Equal(2, _tickets.Unclaimed.Count);
    }

    [Fact]
    public void One_label_serves_one_ticket_of_a_type()
    {
        Assert.True(_tickets.Add(Ticket(ResourceType.VirtualCpu, 1)).IsOk);
        Assert.Equal(-LinuxErrno.EEXIST, _tickets.Add(Ticket(ResourceType.VirtualCpu, 1)).Errno);
        Assert.True(_tickets.Add(Ticket(ResourceType.DoorbellSource, 1)).IsOk);
    }

    [Fact]
    public void What_is_refused_stays_for_another()
    {
        var picky = new ResourceTicket(ResourceType.VirtualCpu, 1, _ => false, _ => { });
        _tickets.Add(picky);
        _tickets.Add(Resource(ResourceType.VirtualCpu, 1));
        Assert.Single(_tickets.Unclaimed);
        _tickets.Remove(picky);
        _tickets.Add(Ticket(ResourceType.VirtualCpu, 1));
        Assert.Equal([1u], _given);
    }

    [Fact]
    public void A_ticket_that_goes_gives_back_what_it_had()
    {
        var ticket = Ticket(ResourceType.VirtualCpu, 1);
        _tickets.Add(ticket);
        _tickets.Add(Resource(ResourceType.VirtualCpu, 1));
        _tickets.Remove(ticket);
        Assert.Equal([1u], _taken);
        Assert.Single(_tickets.Unclaimed);
        Assert.Equal(0, _tickets.Clean());
        Assert.Empty(_tickets.Unclaimed);
    }

    [Fact]
    public void Cleaning_counts_the_tickets_that_were_left()
    {
        _tickets.Add(Ticket(ResourceType.VirtualCpu, 1));
        Assert.Equal(1, _tickets.Clean());
    }

    [Fact]
    public void An_irqfd_rings_its_doorbell_and_loses_events_without_one()
    {
        var kernel = new FakeKernel();
        var rm = new FakeRm();
        rm.Resources.Add(new HypResource(ResourceType.DoorbellSource, 0x80, 5, new CapId(0x55), 0));
        var vm = new GunyahVm(rm.Driver, kernel);
        vm.SetMemoryRegion(new MemoryRegion { Label = 0, GuestAddress = 0x8000_0000, Pages = [0x4100_0000] });
        vm.SetDtbConfig(0x8000_0000, 0x1000);
        var irqfd = new Irqfd(vm, 5);
        Assert.True(vm.AddFunction(irqfd).IsOk);
        Assert.Equal(-LinuxErrno.EEXIST, vm.AddFunction(new Irqfd(vm, 5)).Errno);
        irqfd.Trigger();
        irqfd.Trigger();
        Assert.Equal(2, irqfd.Lost);
        Assert.Single(kernel.Lines);
        rm.Run(async () => Assert.True((await vm.StartAsync()).IsOk));
        irqfd.Trigger();
        Assert.Equal([(new CapId(0x55), 1UL)], kernel.Bells);
    }

    private ResourceTicket Ticket(ResourceType type, uint label) =>
        new(type, label, resource => Note(_given, resource), resource => Note(_taken, resource));

    private static bool Note(List<uint> list, GunyahResource resource)
    {
        list.Add(resource.Label);
        return true;
    }

    private static GunyahResource Resource(ResourceType type, uint label) =>
        GunyahResource.TryCreate(new HypResource(type, 0, label, new CapId(1), 0))!;
}
