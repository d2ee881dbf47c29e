Console.WriteLine("rmstack");
