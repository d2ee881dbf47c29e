using FsCheck;
using FsCheck.Experimental;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace RmStack.Transport.Tests.Rpc.Model;

/// <summary>
/// The client's state machine beside a naive reference, step by step, in random runs that shrink: sequence ids, what is sent and when, how
/// every call ends, and that no reply ever reaches a call that it was not meant for.
/// </summary>
public sealed class ClientModelTests
{
    private const int Steps = 60;

    [Property(MaxTest = 2000)]
    public Property With_an_honest_peer_every_reply_reaches_the_call_it_is_for() =>
        new ClientMachine(ClientOperations.Honest).ToProperty();

    [Property(MaxTest = 2000)]
    public Property With_a_hostile_peer_the_client_does_what_the_reference_does() =>
        new ClientMachine(ClientOperations.Hostile).ToProperty();

    private sealed class ClientMachine(Func<ReferenceClient, Gen<Operation<ClientUnderTest, ReferenceClient>>> peer)
        : Machine<ClientUnderTest, ReferenceClient>(Steps)
    {
        public override Arbitrary<Setup<ClientUnderTest, ReferenceClient>> Setup => Gen.Constant<Setup<ClientUnderTest, ReferenceClient>>(new Fresh()).ToArbitrary();

        public override Gen<Operation<ClientUnderTest, ReferenceClient>> Next(ReferenceClient model) =>
            Gen.Frequency((3, ClientOperations.Owner(model)), (1, peer(model)));
    }

    private sealed class Fresh : Setup<ClientUnderTest, ReferenceClient>
    {
        public override ClientUnderTest Actual() => new();

        public override ReferenceClient Model() => new();
    }
}
