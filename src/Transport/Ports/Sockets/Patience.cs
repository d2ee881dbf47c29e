namespace RmStack.Transport.Ports.Sockets;

/// <summary>
/// How often a thread looks for the next packet before it sleeps: a fixed number of times, or not at all for a while when that has been in
/// vain more than once in about ten times.
/// </summary>
internal struct Patience(int looks)
{
    private const int MostCredit = 16;
    private const int Fine = 8;
    private const int FirstPause = 16;
    private const int LongestPause = 4096;

    private readonly int _looks = looks;
    private int _left = looks;
    private int _credit = MostCredit;
    private int _pause = FirstPause;
    private int _skip;

    /// <summary>It is time to sleep.</summary>
    public readonly bool IsSpent => _left <= 0;

    /// <summary>Something happened: looking begins anew.</summary>
    public void Begin() => _left = _skip > 0 ? 0 : _looks;

    /// <summary>A look found something.</summary>
    public void Rewarded()
    {
        _credit = Math.Min(_credit + 1, MostCredit);
        if (_credit == MostCredit)
            _pause = FirstPause;
        _left = _looks;
    }

    /// <summary>A look was in vain, or there was none. True: sleep.</summary>
    public bool Spend()
    {
        if (_left > 0 && --_left > 0)
            return false;
        if (_skip > 0)
        {
            _skip--;
        }
        else if (_looks > 0 && (_credit -= Fine) < 0)
        {
            _skip = _pause;
            _pause = Math.Min(_pause * 2, LongestPause);
            _credit = Fine;
        }

        return true;
    }
}
