using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Spec.Tests;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

public sealed class TypedNotificationTests
{
    [Fact]
    public void Notifications_go_to_their_handlers_by_their_views()
    {
        var pair = new RpcPair(UnimplementedHandler.Instance);
        var seen = new List<string>();
        var table = new RpcNotificationTable()
            .Add<VmStatus>(MessageId.VmStatus, (scoped in status) => seen.Add($"{status.Vmid:x} {status.State}"))
            .Add<VmExited>(MessageId.VmExited, (scoped in exited) => seen.Add($"{exited.Vmid:x} {exited.ExitType} {exited.Code}"))
            .Add<VmConsoleChars>(MessageId.VmConsoleChars, (scoped in chars) => seen.Add($"{chars.From:x} {chars.Text.Length}"));
        pair.Client.Notification = table.Handle;
        pair.Run(async () =>
        {
            Notify(pair, "example-status-3");
            Notify(pair, "example-exited");
            Notify(pair, "vm-console-chars-229");
            Notify(pair, "mem-recall");
            pair.Server.Notify(RpcPair.Vmid, MessageId.VmStatus, [1, 2, 3]);
            while (table.Malformed == 0)
                await Task.Yield();
        });
        Assert.Equal(["80 Exited", "80 ForcedStop Normal", "80 229"], seen);
        Assert.Equal((1, 1), (table.Malformed, table.Unhandled));
    }

    [Fact]
    public void Readers_that_take_their_time_read_views_too()
    {
        var pair = new RpcPair(UnimplementedHandler.Instance);
        pair.Run(async () =>
        {
            await using var notifications = pair.Client.Notifications().GetAsyncEnumerator();
            Notify(pair, "vm-irq-lent");
            Assert.True(await notifications.MoveNextAsync());
            Assert.Equal((ulong)VmIrqLent.Size, (ulong)notifications.Current.Payload.Length);
            Assert.Equal(DecodeStatus.Ok, Owner(notifications.Current, out var owner));
            Assert.Equal((ulong)Sample.All["vm-irq-lent"].Fields!["owner"]!, owner);
            Assert.Equal(DecodeStatus.BadLength, notifications.Current.TryRead<VmStatus>(out _));
        });

        static DecodeStatus Owner(RpcNotificationMessage message, out ushort owner)
        {
            var status = message.TryRead<VmIrqLent>(out var lent);
            owner = lent.Owner;
            return status;
        }
    }

    [Fact]
    public void Every_notification_of_the_catalogue_can_be_handled_by_its_view_and_by_no_other()
    {
        var table = new RpcNotificationTable();
        table.Add<VmStatus>(MessageId.VmStatus, static (scoped in _) => { });
        Assert.Throws<ArgumentException>(() => table.Add<VmStatus>(MessageId.VmStatus, static (scoped in _) => { }));
        var mistake = Assert.Throws<ArgumentException>(() => table.Add<VmExited>(MessageId.VmShutdown, static (scoped in _) => { }));
        Assert.StartsWith("VM_SHUTDOWN is read as VmShutdown, not as VmExited.", mistake.Message, StringComparison.Ordinal);
        // Of an unknown one nothing is known.
        table.Add<VmExited>(new MessageId(0x5610_0777), static (scoped in _) => { });
    }

    private static void Notify(RpcPair pair, string sample) =>
        pair.Server.Notify(RpcPair.Vmid, new MessageId(Sample.All[sample].Id), Sample.All[sample].Payload);
}
