using RmStack.Transport.Ports.Sockets;

namespace RmStack.Transport.Tests.Ports.Sockets;

/// <summary>When a loop looks for packets and when it sleeps.</summary>
public sealed class PatienceTests
{
    [Fact]
    public void It_looks_so_often_and_then_sleeps()
    {
        var patience = new Patience(5);
        patience.Begin();
        Assert.Equal(4, InVain(ref patience));
        Assert.True(patience.IsSpent);
        patience.Begin();
        Assert.False(patience.IsSpent);
        patience.Spend();
        patience.Rewarded();
        Assert.Equal(4, InVain(ref patience));
    }

    [Fact]
    public void Without_looks_it_sleeps_at_once()
    {
        var patience = new Patience(0);
        for (var i = 0; i < 100; i++)
        {
            patience.Begin();
            Assert.True(patience.IsSpent);
            Assert.Equal(0, InVain(ref patience));
        }
    }

    [Fact]
    public void Where_looking_is_rewarded_it_goes_on_for_ever()
    {
        var patience = new Patience(5);
        for (var i = 0; i < 1000; i++)
        {
            // In vain once in ten times.
            for (var good = 0; good < 9; good++)
            {
                patience.Begin();
                Assert.False(patience.IsSpent);
                patience.Rewarded();
            }

            patience.Begin();
            Assert.Equal(4, InVain(ref patience));
        }
    }

    [Fact]
    public void Where_looking_is_in_vain_it_is_left_for_longer_and_longer_and_tried_again()
    {
        var patience = new Patience(5);
        var tries = 0;
        var sleeps = 0;
        for (; sleeps < 100_000; sleeps++)
        {
            patience.Begin();
            if (!patience.IsSpent)
                tries++;
            InVain(ref patience);
        }

        Assert.InRange(tries, 20, 100);

        // Once it pays again, it is done again.
        for (var i = 0; i < 5000; i++)
        {
            patience.Begin();
            if (patience.IsSpent)
                InVain(ref patience);
            else
                patience.Rewarded();
        }

        patience.Begin();
        Assert.False(patience.IsSpent);
    }

    /// <summary>Looks until it is time to sleep; returns how often nothing was to be slept for.</summary>
    private static int InVain(ref Patience patience)
    {
        var looks = 0;
        while (!patience.Spend())
            looks++;
        return looks;
    }
}
