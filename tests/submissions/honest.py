# expect: scale=2 relu=3 counter=2
# status: completed
