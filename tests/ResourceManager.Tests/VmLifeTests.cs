using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Vms;

namespace RmStack.ResourceManager.Tests;

/// <summary>The table of a VM's legal moves against the public state diagram.</summary>
public class VmLifeTests
{
    // State, what happens, state after. Nothing else is legal.
    private static readonly (int From, int On, int To)[] s_diagram =
    [
        (5, (int)VmEvent.Configured, 1), (11, (int)VmEvent.Configured, 1),
        (5, (int)VmEvent.ConfiguredForAuthentication, 6), (11, (int)VmEvent.ConfiguredForAuthentication, 6),
        (5, (int)VmEvent.StepFailed, 8), (11, (int)VmEvent.StepFailed, 8),
        (6, (int)VmEvent.Authenticated, 1), (6, (int)VmEvent.StepFailed, 8),
        (1, (int)VmEvent.Initialised, 2), (1, (int)VmEvent.StepFailed, 8),
        (2, (int)VmEvent.Started, 3), (2, (int)VmEvent.StepFailed, 8),
        (3, (int)VmEvent.Exited, 9), (4, (int)VmEvent.Exited, 9),
        (9, (int)VmEvent.ResetBegun, 10), (2, (int)VmEvent.ResetBegun, 10), (8, (int)VmEvent.ResetBegun, 10),
        (10, (int)VmEvent.ResetDone, 11),
        (5, (int)VmEvent.Deallocated, 0), (11, (int)VmEvent.Deallocated, 0),
    ];

    [Fact]
    public void Exactly_the_public_moves_are_legal()
    {
        foreach (var from in Enum.GetValues<VmState>())
        {
            foreach (var on in Enum.GetValues<VmEvent>())
            {
                var expected = s_diagram.Where(m => m.From == (int)from && m.On == (int)on).Select(m => m.To).ToList();
                var legal = VmLife.TryMove(from, on, out var to);
                Assert.True(legal == (expected.Count == 1), $"{on} in {from}");
                Assert.Equal(legal ? expected[0] : (int)from, (int)to);
            }
        }
    }

    [Fact]
    public void A_move_is_in_the_table_once() =>
        Assert.Equal(VmLife.Moves.Count, VmLife.Moves.Select(m => (m.From, m.On)).Distinct().Count());

    [Fact]
    public void Every_state_but_the_first_can_be_reached_and_left()
    {
        foreach (var state in new[] { VmState.Init, VmState.Ready, VmState.Running, VmState.Auth, VmState.InitFailed, VmState.Exited, VmState.Resetting, VmState.Reset })
        {
            Assert.Contains(VmLife.Moves, m => m.To == state);
            Assert.Contains(VmLife.Moves, m => m.From == state);
        }
    }
}
