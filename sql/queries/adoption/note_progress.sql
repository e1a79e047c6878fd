-- Notes up to which place in the log the totals of adoption hold everything. $1 place
UPDATE adoption_progress SET position = $1;
