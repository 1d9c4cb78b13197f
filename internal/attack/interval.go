package attack

import "math"

// clopperPearson is the exact interval of a proportion at 95 %.
func clopperPearson(hits, tries int) (low, high float64) {
	if tries == 0 {
		return 0, 1
	}
	k, n := float64(hits), float64(tries)
	low, high = 0, 1
	if hits > 0 {
		low = quantile(0.025, k, n-k+1)
	}
	if hits < tries {
		high = quantile(0.975, k+1, n-k)
	}
	return low, high
}

// quantile of a beta distribution, by halving.
func quantile(p, a, b float64) float64 {
	low, high := 0.0, 1.0
	for range 60 {
		middle := (low + high) / 2
		if beta(middle, a, b) < p {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// beta is the regularised incomplete beta function.
func beta(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - beta(1-x, b, a)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	return math.Exp(a*math.Log(x)+b*math.Log(1-x)+lab-la-lb) / a * fraction(x, a, b)
}

// fraction is the continued fraction of beta, by Lentz's method.
func fraction(x, a, b float64) float64 {
	const tiny = 1e-300
	solid := func(v float64) float64 {
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/solid(1-(a+b)*x/(a+1))
	out := d
	for i := 1; i < 10_000; i++ {
		m := float64(i)
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d, c = 1/solid(1+even*d), solid(1+even/c)
		out *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d, c = 1/solid(1+odd*d), solid(1+odd/c)
		out *= d * c
		if math.Abs(d*c-1) < 1e-12 {
			break
		}
	}
	return out
}

// mean and the interval of it at 95 %, for many values.
func mean(list []float64) (m, low, high float64) {
	n := float64(len(list))
	if n == 0 {
		return 0, -1, 1
	}
	for _, v := range list {
		m += v / n
	}
	squares := 0.0
	for _, v := range list {
		squares += (v - m) * (v - m)
	}
	half := 1.96 * math.Sqrt(squares/math.Max(1, n-1)/n)
	return m, m - half, m + half
}
