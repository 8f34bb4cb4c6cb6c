"use strict";
/* The view Vergelijking: the tables are there; of a municipality the rows that count for it are shown. */
rk.VIEWS.vergelijking = "compare";
rk.shows.vergelijking = () => rk.showSheets("compare");
