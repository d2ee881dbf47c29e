using FsCheck;
using FsCheck.Experimental;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace RmStack.Transport.Tests.Rpc.Model;

/// <summary>The RM's end of a link beside a naive reference: what goes out in which order, what is stored, and what is dropped.</summary>
public sealed class LinkModelTests
{
    private const int Steps = 100;

    [Property(MaxTest = 1000)]
    public Property A_link_sends_stores_and_drops_as_the_RM_does() => new LinkMachine().ToProperty();

    private sealed class LinkMachine() : Machine<LinkUnderTest, ReferenceLink>(Steps)
    {
        public override Arbitrary<Setup<LinkUnderTest, ReferenceLink>> Setup => Gen.Constant<Setup<LinkUnderTest, ReferenceLink>>(new Fresh()).ToArbitrary();

        public override Gen<Operation<LinkUnderTest, ReferenceLink>> Next(ReferenceLink model)
        {
            var packets = Gen.Frequency((5, Gen.Constant(1)), (2, Gen.Choose(2, 5)), (1, Gen.Constant(63)));
            var reply = packets.Select(count => Step($"reply of {count}", state => state.Reply(count), real => Nothing(() => real.Reply(count))));
            var notify = packets.Select(count => Step($"notify {count}", state => state.Notify(count), real => Nothing(() => real.Notify(count))));
            var burst = Gen.Choose(100, 300).Select(times => Step(
                $"notify {times} times",
                state => Enumerable.Range(0, times).Aggregate(state, (link, _) => link.Notify(1)),
                real => Nothing(() =>
                {
                    for (var i = 0; i < times; i++)
                        real.Notify(1);
                })));
            var take = Gen.Constant(Step("take", state => state.Take(), real => real.Take()));
            var run = Gen.Constant(Step("run", state => state.Step(), real => Nothing(real.Step)));
            return Gen.Frequency((3, reply), (4, notify), (1, burst), (10, take), (8, run));
        }

        private static string Nothing(Action action)
        {
            action();
            return "";
        }

        private static Operation<LinkUnderTest, ReferenceLink> Step(string name, Func<ReferenceLink, ReferenceLink> reference, Func<LinkUnderTest, string> real) =>
            new LinkStep(name, reference, real);
    }

    private sealed class LinkStep(string name, Func<ReferenceLink, ReferenceLink> reference, Func<LinkUnderTest, string> real) : Operation<LinkUnderTest, ReferenceLink>
    {
        public override ReferenceLink Run(ReferenceLink model) => reference(model);

        public override Property Check(LinkUnderTest actual, ReferenceLink model)
        {
            var output = real(actual);
            var link = actual.Link;
            var seen = (output, link.IsBusy, link.HasPendingReply, link.PendingNotifications, link.Statistics.RepliesDropped, link.Statistics.NotificationsDropped);
            var expected = (model.Output, model.UnderWay is not null, model.StoredReply is not null, model.Stored.Count, (long)model.RepliesDropped, (long)model.NotificationsDropped);
            return (seen == expected).Label($"expected {expected} but got {seen}");
        }

        public override string ToString() => name;
    }

    private sealed class Fresh : Setup<LinkUnderTest, ReferenceLink>
    {
        public override LinkUnderTest Actual() => new();

        public override ReferenceLink Model() => new();
    }
}
