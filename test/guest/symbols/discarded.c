/* Functions that nobody calls, for a linker that throws them away. */
int thrown_away(int n)
{
	int q = n * 3;
	return q + 1;
}

int thrown_away_too(int n)
{
	return thrown_away(n) - 7;
}

int kept(int n)
{
	return n * 5;
}

int main(void)
{
	return kept(3);
}
