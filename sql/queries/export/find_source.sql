-- Whether a source is known; no row: it is not. $1 code
SELECT true FROM directory_source WHERE code = $1;
